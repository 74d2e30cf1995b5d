import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromaprint } from './chromaprint.ts';
import { encodeWav } from './wav.ts';

const sampleRate = 11_025;
/** A tune of chords, the same each time. */
function tune(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
    const step = Math.floor(i / sampleRate / 0.5);
    const root = 220 * 2 ** (((step * 7) % 12) / 12);
    return [1, 1.26, 1.5].reduce(
      (sum, ratio) => sum + 0.2 * Math.sin((2 * Math.PI * root * ratio * i) / sampleRate),
      0,
    );
  });
}
async function* cut(pcm: Float32Array, lengths: readonly number[]) {
  for (let from = 0, i = 0; from < pcm.length; i += 1) {
    const length = lengths[i % lengths.length];
    yield pcm.subarray(from, from + length);
    from += length;
  }
}

describe('chromaprint', () => {
  it("gives what AcoustID's own tool gives", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pidentify-chromaprint-'));
    const path = join(folder, 'tune.wav');
    const pcm = tune(150);
    writeFileSync(path, encodeWav(pcm, sampleRate));
    const theirs = JSON.parse(execFileSync('fpcalc', ['-json', path], { encoding: 'utf8' }));
    rmSync(folder, { recursive: true });
    expect(await chromaprint(cut(pcm, [4096]), sampleRate)).toBe(theirs.fingerprint);
  });

  it('does not depend on how the sound is cut, nor on what comes after two minutes', async () => {
    const pcm = tune(130);
    const whole = await chromaprint(cut(pcm, [pcm.length]), sampleRate);
    expect(await chromaprint(cut(pcm, [1, 10_000, 33_333, 441]), sampleRate)).toBe(whole);
    expect(await chromaprint(cut(pcm.subarray(0, 120 * sampleRate), [8192]), sampleRate)).toBe(whole);
  });

  it('never keeps other work waiting for long', async () => {
    let longestMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    const pcm = tune(120);
    last = performance.now();
    await chromaprint(cut(pcm, [pcm.length]), sampleRate);
    clearInterval(watch);
    expect(longestMs).toBeLessThan(250);
  });

  it('gives something also for sound that is too short to be looked up', async () => {
    expect(await chromaprint(cut(tune(1), [4096]), sampleRate)).toMatch(/^[\w-]+$/);
  });
});
