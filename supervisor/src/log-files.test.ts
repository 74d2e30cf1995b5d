import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

  it('loses many lines at once where the folder is gone, and goes on', async () => {
    await expectGoesOn(join('/dev/null', 'nowhere'));
  });

  it('loses many lines at once where a folder has the name of the file, and goes on', async () => {
    mkdirSync(join(folder, 'server.log'));
    await expectGoesOn(folder);
  });

  it('takes no harm from what is written when it is closed', async () => {
    // Nobody else listens: in the supervisor this would stop all services.
    const faults: unknown[] = [];
    const note = (error: unknown) => faults.push(error);
    process.on('uncaughtException', note);
    try {
      const logs = openLogFiles(folder);
      logs.of('server').write('one\n');
      const closing = logs.close();
      logs.of('server').write('while it closes\n');
      await closing;
      logs.of('server').write('afterwards\n');
      await logs.close();
      await pause(50);
    } finally {
      process.off('uncaughtException', note);
    }
    expect(faults).toEqual([]);
    expect(readFileSync(join(folder, 'server.log'), 'utf8')).toBe('one\n');
  });
});

/** Nothing can be written in `place`, yet every line is taken and it can be closed. */
async function expectGoesOn(place: string): Promise<void> {
  const logs = openLogFiles(place);
  const write = (line: string) =>
    new Promise((resolve) => logs.of('server').write(`${line}\n`, (error) => resolve(error ?? 'taken')));
  const lines = ['one', 'two', 'three', 'four', 'five'];
  expect(await Promise.all(lines.map(write))).toEqual(lines.map(() => 'taken'));
  await pause(50);
  expect(await write('six')).toBe('taken');
  await logs.close();
}
