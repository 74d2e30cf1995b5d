import { describe, expect, it } from 'vitest';
import { compareSounds } from './likeness.ts';
import { Matcher } from './match.ts';
import { buildSegment } from './segment.ts';
import { excerpt, fingerprintOf, tune } from './testing/tune.ts';

const LENGTH = 60;
const sound = tune(11, LENGTH);

describe('compareSounds', () => {
  it('finds the same track heard twice, from different places', () => {
    const likeness = compareSounds(
      fingerprintOf(excerpt(sound, 15, 55)),
      fingerprintOf(excerpt(sound, 5, 50)),
    );
    expect(likeness?.offsetSeconds).toBeCloseTo(10, 1);
    expect(likeness?.seconds).toBeGreaterThan(25);
    expect(likeness?.asked).toBeCloseTo(40, 0);
  });

  it('is not put off by a deck that runs 2 % faster the second time', () => {
    const faster = fingerprintOf(tune(11, LENGTH, 1.02));
    const likeness = compareSounds(faster, fingerprintOf(sound));
    expect(likeness?.speed).toBeCloseTo(1.02, 2);
    expect(likeness?.seconds).toBeGreaterThan(50);
  });

  it('finds nothing in common between two tracks, or in no sound', () => {
    expect(compareSounds(fingerprintOf(tune(12, LENGTH)), fingerprintOf(sound))).toBeNull();
    expect(compareSounds(fingerprintOf(new Float32Array(0)), fingerprintOf(sound))).toBeNull();
    expect(compareSounds(fingerprintOf(sound), fingerprintOf(new Float32Array(0)))).toBeNull();
  });
});

describe('TrackFingerprint.excerpt', () => {
  it('asks an index about sound of which only the fingerprint was kept', () => {
    const index = [buildSegment([{ key: 'a', fingerprint: fingerprintOf(sound) }])];
    const heard = fingerprintOf(excerpt(sound, 7.5, 47.5));
    const match = new Matcher().query(index, heard.excerpt(10, 20));
    expect(match?.trackKey).toBe('a');
    expect(match?.offsetSeconds).toBeCloseTo(17.5, 1);
  });

  it('is as dense as a query, where it was kept as one', () => {
    const dense = fingerprintOf(sound, 'query').excerpt(20, 30);
    const sparse = fingerprintOf(sound).excerpt(20, 30);
    expect(dense.frames).toBe(sparse.frames);
    expect(dense.count).toBeGreaterThan(sparse.count);
  });

  it('ends where the sound ends', () => {
    expect(fingerprintOf(sound).excerpt(55, 99).frames).toBeLessThan(6 * 87);
    expect(fingerprintOf(sound).excerpt(99, 120).count).toBe(0);
  });
});
