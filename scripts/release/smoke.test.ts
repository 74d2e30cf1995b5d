import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { descendants, listProcesses } from './processes.ts';
import { smoke } from './smoke.ts';

const supervisor = resolve(import.meta.dirname, '../../supervisor/src/main.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-smoke-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A window in its place: starts the real supervisor as the shell does, and holds its standard input. */
function run(code: string, startMs = 60_000) {
  const args = ['-e', `const { spawn } = require('node:child_process'); ${code}`, '--'];
  return smoke({ program: process.execPath, args, folder, platform: process.platform, startMs });
}
const start = (...flags: string[]) => {
  const args = JSON.stringify([supervisor, '--headless', ...flags]);
  const pipes = "stdio: ['pipe', 'ignore', 'ignore']";
  return `spawn(process.execPath, [...${args}, ...process.argv.slice(1)], { ${pipes} });`;
};

describe('the smoke check', () => {
  it('is content with a program that starts and takes everything with it', async () => {
    expect(await run(start('--watch-stdin'))).toBeGreaterThanOrEqual(3);
  });

  it('tells what is left of one that does not, and ends it', async () => {
    await expect(run(start())).rejects.toThrow(/^After the window was killed are left: \d+ .*supervisor/);
    const left = () => listProcesses(process.platform).filter(({ command }) => command.includes(folder));
    await expect.poll(left, { timeout: 5_000 }).toEqual([]);
  });

  it('tells of one that ends by itself, and of one without a page', async () => {
    await expect(run('process.exit(3)')).rejects.toThrow('It ended by itself (status 3)');
    await expect(run('setInterval(() => {}, 1000)', 700)).rejects.toThrow('No page after 0.7 s.');
    const absent = { program: '/nonexistent', args: [], folder, platform: process.platform, startMs: 9_000 };
    await expect(smoke(absent)).rejects.toThrow('ENOENT');
  });
});

it('a process knows its parent, and since when it runs', () => {
  const all = listProcesses(process.platform);
  const own = all.find(({ pid }) => pid === process.pid);
  expect(own).toMatchObject({ parent: process.ppid, command: expect.stringContaining('node') });
  expect(Number.isNaN(Date.parse(own?.started ?? ''))).toBe(false);
  expect(descendants(all, process.ppid)).toContainEqual(own);
});

it('a process on Windows is read from what PowerShell says', () => {
  const said = [
    '0 0  ',
    '4 0 133 ',
    '812 4 13390 "C:\\Program Files\\Pidentify\\pidentify.exe" --background',
  ];
  writeFileSync(
    join(folder, 'powershell'),
    `#!/bin/sh\nprintf '%s\\r\\n' ${said.map((line) => `'${line}'`).join(' ')}`,
  );
  chmodSync(join(folder, 'powershell'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  expect(listProcesses('win32')).toEqual([
    { pid: 4, parent: 0, started: '133', command: '' },
    {
      pid: 812,
      parent: 4,
      started: '13390',
      command: '"C:\\Program Files\\Pidentify\\pidentify.exe" --background',
    },
  ]);
  vi.unstubAllEnvs();
});
