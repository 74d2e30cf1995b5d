import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFiles } from './log-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('openLogFiles', () => {
  it('writes everything before it is closed', async () => {
    const logs = openLogFiles(folder);
    logs.of('server').write('one\n');
    logs.of('server').write('two\n');
    await logs.close();
    expect(readFileSync(logs.path('server'), 'utf8')).toBe('one\ntwo\n');
  });

  it('keeps at most three files of 5 MB', async () => {
    const megabyte = `${'x'.repeat((1 << 20) - 1)}\n`;
    for (let round = 0; round < 22; round += 1) {
      const logs = openLogFiles(folder);
      logs.of('server').write(megabyte);
      await logs.close();
    }
    const names = readdirSync(folder).filter((name) => name.startsWith('server.log'));
    expect(names.length).toBeLessThanOrEqual(3);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(6 << 20);
  });

  it('closes on a full disk', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]);
    try {
      const logs = openLogFiles(folder);
      for (let line = 0; line < 40; line += 1) logs.of('server').write('x'.repeat(1_000));
      await pause(300);
      logs.of('server').write('more\n');
      await logs.close();
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('goes on for whoever writes into it once there is room again', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      let nowMs = 0;
      const logs = openLogFiles(folder, () => nowMs);
      const source = new PassThrough();
      source.pipe(logs.of('server'), { end: false });
      writeFileSync(join(folder, 'other'), 'x'.repeat(60_000));
      for (let line = 0; line < 100; line += 1) source.write(`${'x'.repeat(1_000)}\n`);
      await pause(300);
      rmSync(join(folder, 'other'));
      rmSync(logs.path('server'));
      source.write('too soon\n');
      await pause(50);
      nowMs = 10_000;
      source.write('room again\n');
      await pause(50);
      await logs.close();
      expect(readFileSync(logs.path('server'), 'utf8')).toBe('room again\n');
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('does not mind a folder that is gone', async () => {
    const logs = openLogFiles(join('/dev/null', 'nowhere'));
    logs.of('server').write('lost\n');
    await logs.close();
  });
});
