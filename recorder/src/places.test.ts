import { describe, expect, it } from 'vitest';
import { heardSince } from './places.ts';

describe('since when a play was heard', () => {
  it('is since the music began, where the track began with it or after it', () => {
    expect(heardSince(12_000, [10_000])).toBe(10_000);
    expect(heardSince(200_000, [10_000, 150_000])).toBe(10_000);
  });

  it('is since the music began, where the track began at a gap, whatever gap it has itself', () => {
    expect(heardSince(151_000, [10_000, 150_000, 180_000])).toBe(10_000);
    expect(heardSince(9_000, [10_000, 40_000])).toBe(10_000);
  });

  it('is since the last gap, where the needle was set down in the middle of another track', () => {
    expect(heardSince(-42_000, [10_000, 57_000])).toBe(57_000);
    expect(heardSince(30_000, [10_000, 57_000])).toBe(57_000);
  });

  it('is since it was surely the track, where no beginning of sound speaks for an earlier start', () => {
    expect(heardSince(60_000, [10_000], 190_000)).toBe(190_000);
    expect(heardSince(-20_000, [10_000, 150_000], 140_000)).toBe(150_000);
    expect(heardSince(12_000, [10_000], 190_000)).toBe(10_000);
  });
});
