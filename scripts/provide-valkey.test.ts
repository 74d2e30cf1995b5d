import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchedValkey } from '@pidentify/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type ProvideValkey = (options: {
  cacheDir: string;
  log: (line: string) => void;
  osReleaseFile?: string;
}) => Promise<string | null>;

// Plain JavaScript without types; the address keeps tsc from asking for them.
const script = new URL('./provide-valkey.mjs', import.meta.url).href;
const { provideValkey } = (await import(script)) as { provideValkey: ProvideValkey };

let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'pidentify-provide-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

function osRelease(text: string): string {
  const path = join(cacheDir, 'os-release');
  writeFileSync(path, text);
  return path;
}

describe('provideValkey', () => {
  it.each(['ID=fedora\n', 'VERSION_CODENAME=buster\n', ''])('has none for %j and says why', async (text) => {
    const lines: string[] = [];
    const options = {
      cacheDir,
      log: (line: string) => void lines.push(line),
      osReleaseFile: osRelease(text),
    };
    expect(await provideValkey(options)).toBeNull();
    expect(lines).toEqual(['Valkey: this is not Debian 12 or 13 on amd64 or arm64; not fetched']);
    expect(readdirSync(cacheDir)).toEqual(['os-release']);
  });

  it('fetches nothing when it is there', async () => {
    const server = join(cacheDir, 'tools', 'valkey-8.0.1', 'bin', 'valkey-server');
    mkdirSync(join(server, '..'), { recursive: true });
    writeFileSync(server, '');
    const log = (line: string) => expect(line).toBe('never told');
    const osReleaseFile = osRelease('VERSION_CODENAME=bookworm\n');
    expect(await provideValkey({ cacheDir, log, osReleaseFile })).toBe(server);
    expect(fetchedValkey(cacheDir)).toBe(server);
  });
});
