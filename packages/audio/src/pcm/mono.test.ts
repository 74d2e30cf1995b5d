import { describe, expect, it } from 'vitest';
import { createDownmix, mixToMono } from './mono.ts';

it('takes the mean of all channels', () => {
  const planar = [Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1)];
  expect([...mixToMono(planar, new Float32Array(8))]).toEqual([0.5, 0.25, -1]);
});

it('copies a single channel and leaves the source alone', () => {
  const channel = Float32Array.of(0.25, -0.5);
  const mono = mixToMono([channel], new Float32Array(2));
  expect([...mono]).toEqual([0.25, -0.5]);
  expect(mono.buffer).not.toBe(channel.buffer);
});

describe('createDownmix', () => {
  const sampleRate = 8000;
  const tone = (seconds: number, level = 0.5) =>
    Float32Array.from({ length: seconds * sampleRate }, (_, i) => level * Math.sin(i * 0.2));
  const noise = (seconds: number, level: number, seed: number) => {
    let state = seed;
    return Float32Array.from({ length: seconds * sampleRate }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return level * (state / 2 ** 31 - 1);
    });
  };
  const opposed = (left: Float32Array) => [left, left.map((sample) => -0.97 * sample)];
  const joined = (...parts: Float32Array[][]) =>
    [0, 1].map((channel) => Float32Array.from(parts.flatMap((part) => [...part[channel]])));
  const mixed = (planar: Float32Array[], block = 1234) => {
    const downmix = createDownmix({ sampleRate });
    const frames = planar[0].length;
    const out = new Float32Array(frames);
    for (let at = 0; at < frames; at += block) {
      const piece = planar.map((channel) => channel.subarray(at, at + block));
      out.set(downmix.mix(piece, new Float32Array(block)), at);
    }
    return out;
  };
  const rms = (samples: Float32Array) =>
    Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

  it('listens to one channel where the other one is its opposite, without a click, however it is cut', () => {
    const planar = opposed(tone(4));
    const mono = mixed(planar);
    expect(rms(mono.subarray(0, sampleRate))).toBeLessThan(0.01);
    expect(mono.subarray(1.1 * sampleRate)).toEqual(planar[0].subarray(1.1 * sampleRate));
    expect(mono.every((sample, i) => i === 0 || Math.abs(sample - mono[i - 1]) < 0.11)).toBe(true);
    for (const block of [1, 7999, 32_000]) expect(mixed(planar, block)).toEqual(mono);
  });

  it('gives the mean of ordinary stereo bit by bit, wide, one-sided or with a moment of opposition', () => {
    const [a, b, c] = [noise(6, 0.5, 1), noise(6, 0.5, 2), tone(6)];
    const moment = opposed(tone(0.9));
    const wide = [a, b.map((sample, i) => -0.6 * a[i] + 0.4 * sample)];
    const between = joined([a, b], moment, [c, b], [c, c]);
    for (const planar of [[a, b], wide, [a, a], [c, new Float32Array(c.length)], between])
      expect(mixed(planar)).toEqual(mixToMono(planar, new Float32Array(planar[0].length)));
  });

  it('stays with one channel in the noise between two tracks, and comes back for ordinary stereo', () => {
    const music = opposed(tone(3));
    const gap = [noise(8, 0.002, 1), noise(8, 0.002, 2)];
    const silence = [new Float32Array(2 * sampleRate), new Float32Array(2 * sampleRate)];
    const planar = joined(music, gap, silence, music, [tone(1), tone(1)], music);
    const mono = mixed(planar);
    expect(mono.subarray(1.1 * sampleRate)).toEqual(planar[0].subarray(1.1 * sampleRate));
    const stereo = [noise(6, 0.7, 3), noise(6, 0.7, 4)];
    const back = mixed(joined(music, stereo)).subarray(-2 * sampleRate);
    expect(back).toEqual(mixToMono(stereo, new Float32Array(6 * sampleRate)).subarray(-2 * sampleRate));
  });

  it('takes hardly audible opposition for nothing', () => {
    const planar = opposed(tone(3, 1e-5));
    expect(mixed(planar)).toEqual(mixToMono(planar, new Float32Array(planar[0].length)));
  });
});
