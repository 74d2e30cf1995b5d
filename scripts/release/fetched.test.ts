import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appImageTools, provideTools } from './appimage-tools.ts';
import { run } from './run.ts';
import { buildValkey, valkeySource } from './valkey-source.ts';

const work = mkdtempSync(join(tmpdir(), 'pidentify-valkey-test-'));
let server: Server;
let answer: { status: number; body: Buffer };
beforeEach(async () => {
  mkdirSync(work, { recursive: true });
  server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  server.close();
  rmSync(work, { recursive: true, force: true });
});

/** Sources in the shape of Valkey's: the server is made by `make valkey-server` in src/. */
function sources(recipe: string): Buffer {
  mkdirSync(join(work, 'valkey-1/src'), { recursive: true });
  writeFileSync(join(work, 'valkey-1/src/Makefile'), `valkey-server:\n\t${recipe}\n`);
  return execFileSync('tar', ['-cz', '-C', work, 'valkey-1'], { maxBuffer: 1 << 24 });
}
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const build = (hash = sha256(answer.body)) => {
  const { port } = server.address() as AddressInfo;
  const source = { address: `http://127.0.0.1:${port}/9.tar.gz`, sha256: hash };
  return buildValkey({ source, out: join(work, 'binaries/pidentify-valkey'), run });
};

describe('Valkey from its sources', () => {
  it('is built without what the user’s machine may lack', async () => {
    const script = '#!/bin/sh\\necho $(BUILD_TLS) $(MALLOC) > $$0.said\\n';
    answer = { status: 200, body: sources(`printf '${script}' > $@ && chmod +x $@`) };
    await build();
    expect(readFileSync(join(work, 'binaries/pidentify-valkey.said'), 'utf8')).toBe('no libc\n');
  });

  it('is not built from sources that were not pinned', async () => {
    answer = { status: 200, body: sources('touch /nonexistent/x') };
    await expect(build(valkeySource.sha256)).rejects.toThrow('not the pinned one');
  });

  it('says so when it does not compile or there is none', async () => {
    answer = { status: 200, body: sources('echo no such compiler >&2; exit 1') };
    await expect(build()).rejects.toThrow('no such compiler');
    answer = { status: 404, body: Buffer.alloc(0) };
    await expect(build()).rejects.toThrow('answers 404');
    expect(readdirSync(work)).not.toContain('binaries');
  });
});

describe('the tools of an AppImage', () => {
  const provide = (tool: { sha256: string }) => {
    const { port } = server.address() as AddressInfo;
    return provideTools(
      { AppRun: { address: `http://127.0.0.1:${port}/AppRun`, ...tool } },
      join(work, 'tauri'),
    );
  };

  it('are put where Tauri looks for them, and can be run', async () => {
    answer = { status: 200, body: Buffer.from('#!/bin/sh\necho ran\n') };
    await provide({ sha256: sha256(answer.body) });
    expect(execFileSync(join(work, 'tauri/AppRun'), { encoding: 'utf8' })).toBe('ran\n');
  });

  it('are left out, and the one before stays, when they are not those that were pinned', async () => {
    answer = { status: 200, body: Buffer.from('first') };
    await provide({ sha256: sha256(answer.body) });
    answer = { status: 200, body: Buffer.from('second') };
    await expect(provide({ sha256: sha256(Buffer.from('first')) })).rejects.toThrow('not the pinned one');
    expect(readdirSync(join(work, 'tauri'))).toEqual(['AppRun']);
    expect(readFileSync(join(work, 'tauri/AppRun'), 'utf8')).toBe('first');
  });

  it('are those of the version of Tauri that is installed', () => {
    const cli = join(
      import.meta.dirname,
      '../..',
      'node_modules/@tauri-apps/cli-linux-x64-gnu/cli.linux-x64-gnu.node',
    );
    expect(readFileSync(cli).includes('07333c6')).toBe(true);
    expect(Object.keys(appImageTools('arm64'))).toEqual([
      'AppRun-aarch64',
      'linuxdeploy-07333c6-aarch64.AppImage',
      'linuxdeploy-plugin-appimage.AppImage',
    ]);
    expect(() => appImageTools('riscv64')).toThrow('no AppImage for riscv64');
  });
});
