import { describe, expect, test } from 'vitest';
import { isSettled, stepMeter } from './meter-ballistics.ts';

const quiet = { rms: -60, peak: -60 };
const loud = { rms: -12, peak: -3 };
const atRest = { bar: -60, peak: -60, peakSince: 0 };

describe('the meter', () => {
  test('rises at once', () => {
    expect(stepMeter({ shown: atRest, level: loud, elapsedMs: 16, now: 100 })).toEqual({
      bar: -12,
      peak: -3,
      peakSince: 100,
    });
  });

  test('falls by 26 dB in a second', () => {
    const shown = { bar: -10, peak: -3, peakSince: 0 };
    expect(stepMeter({ shown, level: quiet, elapsedMs: 500, now: 100 }).bar).toBeCloseTo(-23, 6);
  });

  test('holds its peak for 1.2 s and lets it fall then', () => {
    const shown = { bar: -20, peak: -3, peakSince: 0 };
    expect(stepMeter({ shown, level: quiet, elapsedMs: 100, now: 1199 }).peak).toBe(-3);
    expect(stepMeter({ shown, level: quiet, elapsedMs: 100, now: 1201 }).peak).toBeCloseTo(-5.6, 6);
  });

  test('never falls below the level', () => {
    const shown = { bar: -12.5, peak: -3, peakSince: 0 };
    expect(stepMeter({ shown, level: loud, elapsedMs: 60_000, now: 9999 })).toMatchObject({
      bar: -12,
      peak: -3,
    });
  });

  test('rests when it shows the level, so that an idle page draws nothing', () => {
    expect(isSettled({ shown: atRest, level: quiet })).toBe(true);
    expect(isSettled({ shown: { ...atRest, bar: -59 }, level: quiet })).toBe(false);
    expect(isSettled({ shown: { ...atRest, peak: -59 }, level: quiet })).toBe(false);
  });
});
