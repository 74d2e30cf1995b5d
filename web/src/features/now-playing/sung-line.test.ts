import { describe, expect, test } from 'vitest';
import { msToNextLine, sungLine } from './sung-line.ts';

const lyrics = {
  synced: true,
  lines: [
    { startTimeMs: 10_000, words: 'One' },
    { startTimeMs: 20_000, words: 'Two' },
    { startTimeMs: 20_000, words: 'Two, in another language' },
    { startTimeMs: 30_180, words: 'Three' },
  ],
};

describe('the line that is sung', () => {
  test.each([
    [0, -1],
    [9.999, -1],
    [10, 0],
    [19.9, 0],
    [20, 2],
    [30.18, 3],
    [9999, 3],
  ])('at %d s is number %d', (position, line) => {
    expect(sungLine(lyrics, position)).toBe(line);
  });

  test('gives way to the next in the time of the deck', () => {
    expect(msToNextLine({ lyrics, position: 5, speed: 1 })).toBe(5000);
    expect(msToNextLine({ lyrics, position: 20, speed: 1.018 })).toBeCloseTo(10_000, 6);
    expect(msToNextLine({ lyrics, position: 20, speed: 0.982 })).toBeCloseTo(10_366.6, 1);
  });

  test('the last one gives way to none, and unsynced ones never do', () => {
    expect(msToNextLine({ lyrics, position: 31, speed: 1 })).toBeNull();
    expect(msToNextLine({ lyrics: { ...lyrics, synced: false }, position: 5, speed: 1 })).toBeNull();
  });
});
