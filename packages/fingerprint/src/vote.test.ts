import { describe, expect, it } from 'vitest';
import { extractLandmarks } from './extract.ts';
import { buildSegment } from './segment.ts';
import { excerpt, fingerprintOf, tune } from './testing/tune.ts';
import { Voting } from './vote.ts';

const segments = [1, 11].map((first) =>
  buildSegment(
    Array.from({ length: 6 }, (_, i) => ({
      key: `${first + i}`,
      fingerprint: fingerprintOf(tune(first + i, 60)),
    })),
  ),
);
const peaks = extractLandmarks(excerpt(tune(12, 60), 20, 32), 'query');

describe('Voting', () => {
  const all = new Voting().candidates(segments, peaks, 100_000);

  it('has the right place first', () => {
    const [{ segment, unit }] = all;
    expect(segment.locate(unit).entry.key).toBe('12');
  });

  it.each([1, 2, 3])('gives the same first %i, however many places chance likes', (most) => {
    expect(all.length).toBeGreaterThan(8 * most);
    expect(new Voting().candidates(segments, peaks, most)).toEqual(all.slice(0, most));
  });
});
