import { describe, expect, it } from 'vitest';
import { Matcher } from './match.ts';
import { buildSegment } from './segment.ts';
import { excerpt, fingerprintOf, seeded, tune } from './testing/tune.ts';

const LENGTH = 40;
const keys = ['1', '2', '3', '4', '5'];
const segment = buildSegment(
  keys.map((key) => ({ key, fingerprint: fingerprintOf(tune(Number(key), LENGTH)) })),
);
const matcher = new Matcher();
const VOICE = 0.3;
const NOISE = 0.9;
const FAINT = 2;

describe('Matcher', () => {
  it.each([3, 5, 8, 10, 15])('finds the place of a clip of %i s', (seconds) => {
    const match = matcher.query([segment], excerpt(tune(3, LENGTH), 12.34, 12.34 + seconds));
    expect(match?.trackKey).toBe('3');
    expect(match?.offsetSeconds).toBeCloseTo(12.34, 1);
    expect(match?.speed).toBeCloseTo(1, 3);
  });

  it.each([0.97, 0.982, 0.995, 1.004, 1.018, 1.03])('measures a deck that runs at %f to 0.2 %%', (speed) => {
    const match = matcher.query([segment], excerpt(tune(2, LENGTH, speed), 10 / speed, 10 / speed + 6));
    expect(match?.trackKey).toBe('2');
    expect(Math.abs((match?.speed ?? 0) - speed)).toBeLessThan(0.002);
    expect(match?.offsetSeconds).toBeCloseTo(10, 1);
  });

  it('finds a quiet clip as well as a loud one', () => {
    const quiet = excerpt(tune(1, LENGTH), 5, 10).map((sample) => sample * 0.01);
    expect(matcher.query([segment], quiet)?.trackKey).toBe('1');
  });

  it('places a clip that began before the record below zero', () => {
    const early = new Float32Array(6 * 11025);
    early.set(excerpt(tune(4, LENGTH), 0, 4), 2 * 11025);
    expect(matcher.query([segment], early)?.offsetSeconds).toBeCloseTo(-2, 1);
  });

  it('names no track for a stranger, for silence, or on an empty index', () => {
    expect(matcher.query([segment], excerpt(tune(77, LENGTH), 5, 15))).toBeNull();
    expect(matcher.query([segment], new Float32Array(60_000))).toBeNull();
    expect(matcher.query([], excerpt(tune(1, LENGTH), 5, 15))).toBeNull();
    expect(matcher.query([segment], new Float32Array(0))).toBeNull();
  });

  it('knows a verse from the next by what is sung over the same tune, in noise too', () => {
    const verse = tune(1, 20);
    const song = new Float32Array(2 * verse.length);
    for (const [i, sung] of [tune(11, 20), tune(12, 20)].entries()) {
      song.set(
        verse.map((sample, at) => sample + VOICE * sung[at]),
        i * verse.length,
      );
    }
    const segment = buildSegment([{ key: 'song', fingerprint: fingerprintOf(song) }]);
    const random = seeded(3);
    const starts = Array.from({ length: 24 }, (_, i) => (i < 12 ? 1 + i : 9 + i));
    const wrong = starts.filter((start) => {
      const noisy = excerpt(song, start, start + 5).map((sample) => sample + NOISE * (random() - 0.5));
      const found = matcher.query([segment], noisy)?.offsetSeconds ?? Number.NaN;
      return !(Math.abs(found - start) < 0.5);
    });
    expect(wrong).toEqual([]);
  });

  it('believes a track that is expected to begin on less evidence, at its beginning alone', () => {
    const random = seeded(9);
    const clip = excerpt(tune(5, LENGTH), 0.5, 3.5).map((sample) => sample + FAINT * (random() - 0.5));
    const expected = { trackKey: '5', withinSeconds: 3 };
    expect(matcher.query([segment], clip)).toBeNull();
    expect(matcher.query([segment], clip, { expected })).toMatchObject({ trackKey: '5', alternatives: [] });
    expect(matcher.query([segment], clip, { expected })?.offsetSeconds).toBeCloseTo(0.5, 1);
    expect(matcher.query([segment], clip, { expected: { ...expected, trackKey: '4' } })).toBeNull();
    expect(matcher.query([segment], clip, { expected: { ...expected, withinSeconds: 0.2 } })).toBeNull();
  });

  it('tells of the same recording on another album', () => {
    const twice = buildSegment([{ key: 'compilation', fingerprint: fingerprintOf(tune(1, LENGTH)) }]);
    const match = matcher.query([segment, twice], excerpt(tune(1, LENGTH), 20, 26));
    const named = [match?.trackKey, ...(match?.alternatives ?? []).map((other) => other.trackKey)];
    expect(named.sort()).toEqual(['1', 'compilation']);
  });
});
