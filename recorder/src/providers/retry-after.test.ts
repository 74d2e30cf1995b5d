import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-26T12:00:00Z');
const asked = (retry: string, date?: string) =>
  retryAfterMs(new Headers({ 'retry-after': retry, ...(date && { date }) }), now);

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 26 Nov 2026 12:01:30 GMT', 90_000],
    ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
  ])('%j is %j ms', (value, expected) => {
    expect(asked(value)).toBe(expected);
  });

  it('goes by the clock of the answer, where it has one', () => {
    expect(asked('Thu, 26 Nov 2026 10:00:30 GMT', 'Thu, 26 Nov 2026 10:00:00 GMT')).toBe(30_000);
  });

  it('is undefined where there is none', () => {
    expect(retryAfterMs(new Headers(), now)).toBeUndefined();
  });
});
