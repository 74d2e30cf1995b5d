import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pidentify-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Another process that holds the lock until it is killed. */
async function holder(path: string) {
  const script = `
    import { takeLock } from ${JSON.stringify(fileURLToPath(new URL('./lock.ts', import.meta.url)))};
    const lock = takeLock(${JSON.stringify(path)}, { waitMs: 0 });
    console.log(lock !== null);
    setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const [line] = await once(child.stdout, 'data');
  return { child, holds: String(line).trim() === 'true' };
}

describe('takeLock', () => {
  it('is held by one at a time', () => {
    const path = join(dir, 'lock');
    const lock = takeLock(path, { waitMs: 0 });
    expect(lock).not.toBeNull();
    expect(takeLock(path, { waitMs: 0 })).toBeNull();
    lock?.release();
    takeLock(path, { waitMs: 0 })?.release();
  });

  it('is free as soon as its holder was killed', async () => {
    const path = join(dir, 'lock');
    const { child, holds } = await holder(path);
    expect(holds).toBe(true);
    expect(takeLock(path, { waitMs: 0 })).toBeNull();
    child.kill('SIGKILL');
    const lock = takeLock(path, { waitMs: 3_000 });
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('throws when the file cannot be made', () => {
    expect(() => takeLock(join(dir, 'none', 'lock'), { waitMs: 0 })).toThrow();
  });
});
