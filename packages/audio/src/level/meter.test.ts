import { describe, expect, it } from 'vitest';
import { pcmFormat } from '../pcm/format.ts';
import { run, temporaryFolder, testSamples, toBytes, writeWav } from '../testing/sound.ts';
import { createLevelMeter, decibels } from './meter.ts';

const format = (bitsPerSample: 16 | 24) => pcmFormat({ sampleRate: 44_100, channels: 2, bitsPerSample });

describe('createLevelMeter', () => {
  it.each([16, 24] as const)('measures a full square wave of %i bit as 1', (bits) => {
    const meter = createLevelMeter(format(bits));
    const full = 2 ** (bits - 1);
    meter.push(toBytes(Int32Array.of(-full, -full, -full, -full), bits));
    expect(meter.take()).toEqual({ rms: 1, peak: 1 });
  });

  it('adds pieces up until it is asked, then starts anew', () => {
    const meter = createLevelMeter(format(16));
    meter.push(toBytes(Int32Array.of(16_384, 0), 16));
    meter.push(toBytes(Int32Array.of(0, -8192), 16));
    const level = meter.take();
    expect(level.peak).toBe(0.5);
    expect(level.rms).toBeCloseTo(Math.sqrt((0.25 + 0.0625) / 4), 12);
    expect(meter.take()).toEqual({ rms: 0, peak: 0 });
  });

  it('agrees with sox', async () => {
    await using folder = await temporaryFolder();
    const samples = testSamples({ frames: 20_000 });
    await writeWav({ path: folder.file('a.wav'), samples });
    const stat = await run('sox', folder.file('a.wav'), '-n', 'stat');
    const meter = createLevelMeter(format(16));
    meter.push(toBytes(samples, 16));
    const level = meter.take();
    expect(level.rms).toBeCloseTo(Number(/RMS +amplitude: +([\d.]+)/.exec(stat)?.[1]), 4);
  });
});

it('tells levels in decibels of full scale', () => {
  expect(decibels(1)).toBe(0);
  expect(decibels(0.5)).toBeCloseTo(-6.02, 2);
  expect(decibels(0)).toBe(Number.NEGATIVE_INFINITY);
});
