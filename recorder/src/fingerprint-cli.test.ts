import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rate = 22_050;
const folder = mkdtempSync(join(tmpdir(), 'fingerprint-cli-'));
const music = join(folder, 'music');
const store = join(folder, 'store');

/** A melody that differs for each seed: two decaying tones every fifth of a second or so. */
function melody(seed: number, seconds: number): Float32Array {
  const pcm = new Float32Array(seconds * rate);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let start = 0; start < seconds - 1; start += 0.1 + 0.15 * random()) {
    const hz = 200 * 2 ** (4 * random());
    for (let i = 0; i < rate / 2; i++) {
      pcm[Math.floor(start * rate) + i] +=
        0.2 * Math.exp((-8 * i) / rate) * Math.sin((6.283 * hz * i) / rate);
    }
  }
  return pcm;
}

function writeWav(path: string, pcm: Float32Array): void {
  const bytes = Buffer.alloc(44 + 2 * pcm.length);
  bytes.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  bytes.writeUInt32LE(36 + 2 * pcm.length, 4);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * pcm.length, 40);
  pcm.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 44 + 2 * i);
  });
  writeFileSync(path, bytes);
}

function run(...args: string[]): { status: number | null; lines: string[]; progress: string } {
  const cli = join(import.meta.dirname, 'fingerprint-cli.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.split('\n').filter((line) => line !== ''), progress: stderr };
}

beforeAll(() => {
  mkdirSync(join(music, 'side a'), { recursive: true });
  writeWav(join(music, 'one.wav'), melody(1, 20));
  writeWav(join(music, 'side a', 'two.wav'), melody(2, 20));
  writeFileSync(join(music, 'broken.wav'), 'not a sound');
  writeWav(join(folder, 'clip.wav'), melody(2, 20).slice(7 * rate, 13 * rate));
  writeWav(join(folder, 'stranger.wav'), melody(3, 6));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('fingerprint on the command line', () => {
  it('indexes folders, reads only what is new the next time, and drops what is gone', () => {
    const first = run('index', '--store', store, music);
    expect(first.progress).toMatch(/left out .*broken\.wav/);
    expect(first.progress).toMatch(/2 tracks, 0\.01 h/);
    expect(first.status).toBe(0);
    utimesSync(join(music, 'one.wav'), 1, 1);
    const second = run('index', '--store', store, music);
    expect(second.progress).toMatch(/one\.wav/);
    expect(second.progress).not.toMatch(/two\.wav/);
    expect(second.progress).toMatch(/2 tracks/);
    unlinkSync(join(music, 'one.wav'));
    expect(run('index', '--store', store, music).progress).toMatch(/1 tracks/);
  }, 60_000);

  it('answers one JSON line a clip, in order', () => {
    const clips = ['clip.wav', 'stranger.wav', 'missing.wav'].map((name) => join(folder, name));
    const { lines, status } = run('query', '--store', store, '--json', ...clips);
    const [clip, stranger, missing] = lines.map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(clip).toMatchObject({
      clip: clips[0],
      match: { path: join(music, 'side a', 'two.wav'), track: 'two', score: expect.any(Number) },
      ms: expect.any(Number),
    });
    expect(clip.match.offset_s).toBeCloseTo(7, 1);
    expect(clip.match.speed).toBeCloseTo(1, 2);
    expect(stranger).toMatchObject({ clip: clips[1], match: null });
    expect(missing).toMatchObject({ clip: clips[2], match: null });
  }, 60_000);

  it('fails only where nothing at all could be done', () => {
    expect(run('query', '--store', store, '--json', join(folder, 'missing.wav')).status).toBe(1);
    expect(run('index', '--store', join(folder, 'empty'), join(music, 'broken.wav')).status).toBe(1);
    expect(run('index').status).toBe(2);
  }, 60_000);
});
