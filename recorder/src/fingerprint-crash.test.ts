import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MELODY_RATE, melody, writeMelody } from './testing/melody.ts';

const folder = mkdtempSync(join(tmpdir(), 'fingerprint-crash-'));
const music = join(folder, 'music');
const store = join(folder, 'store');
const cli = join(import.meta.dirname, 'fingerprint-cli.ts');
const tracks = 40;
const clip = join(folder, 'clip.wav');

const indexing = ['index', '--store', store, music];
const run = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });

/** Kills the indexing, without a chance to tidy up, once it has told of so many files. */
function killAfter(files: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...indexing], { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = 0;
    child.stderr.on('data', (text: Buffer) => {
      told += text.toString().split('.wav').length - 1;
      if (told >= files) child.kill('SIGKILL');
    });
    child.once('exit', () => resolve());
  });
}

function named(): string | undefined {
  const { stdout } = run('query', '--store', store, '--json', clip);
  return JSON.parse(stdout).match?.track;
}

beforeAll(() => {
  mkdirSync(music);
  for (let seed = 0; seed < tracks; seed++) writeMelody(join(music, `${seed}.wav`), melody(seed, 8));
  writeMelody(clip, melody(5, 8).slice(MELODY_RATE, 7 * MELODY_RATE));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the index of the command line', () => {
  it('is whole after it was killed again and again, and goes on where it was', async () => {
    for (const files of [1, 15, 16, 17, 3]) {
      await killAfter(files);
      expect(run('query', '--store', store, '--json', clip).stderr).not.toContain('damaged');
    }
    const last = run(...indexing);
    expect(last.stderr).toContain(`${tracks} tracks`);
    expect(last.stderr.split('.wav').length - 1).toBeLessThan(tracks);
    expect(named()).toBe('5');
  }, 120_000);

  it('says what is damaged, whichever byte it is, and reads those files again', () => {
    const index = join(store, 'index');
    for (const name of readdirSync(index)) {
      const bytes = readFileSync(join(index, name));
      bytes[bytes.length >> 1] ^= 0x10;
      writeFileSync(join(index, name), bytes);
      expect(run(...indexing).stderr).toContain(`damaged, left out: ${name}`);
      expect(named()).toBe('5');
    }
  }, 120_000);
});
