import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readAnswer, retryAfterMs } from './service-answer.ts';

const now = Date.parse('2026-11-26T12:00:00Z');
const asked = (retry: string, date?: string) =>
  retryAfterMs(new Headers({ 'retry-after': retry, ...(date && { date }) }), now);

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 26 Nov 2026 12:01:30 GMT', 90_000],
    ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
    ['Thursday, 26-Nov-26 12:01:30 GMT', 90_000],
    ['Thu Nov 26 12:01:30 2026', 90_000],
    ['9999999999', 9_999_999_999_000],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
  ])('%j is %j ms', (value, expected) => {
    expect(asked(value)).toBe(expected);
  });

  it('takes a date without a zone for Greenwich time, wherever this computer is', () => {
    vi.stubEnv('TZ', 'Pacific/Auckland');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(asked('Thu Nov 26 12:01:30 2026')).toBe(90_000);
    expect(asked('Thu Nov 26 10:00:30 2026', 'Thu Nov 26 10:00:00 2026')).toBe(30_000);
  });

  it('goes by the clock of the answer, where it has one', () => {
    expect(asked('Thu, 26 Nov 2026 10:00:30 GMT', 'Thu, 26 Nov 2026 10:00:00 GMT')).toBe(30_000);
  });

  it('is undefined where there is none', () => {
    expect(retryAfterMs(new Headers(), now)).toBeUndefined();
  });
});

describe('the body of an answer', () => {
  it('is text up to a length', async () => {
    expect(await readAnswer(new Response('größer'), 8)).toBe('größer');
    expect(await readAnswer(new Response('größer'), 7)).toBeNull();
    expect(await readAnswer(new Response(), 0)).toBe('');
  });

  it('that never ends is left', async () => {
    let left = false;
    const body = new ReadableStream({
      pull: (stream) => stream.enqueue(new Uint8Array(1000)),
      cancel: () => {
        left = true;
      },
    });
    expect(await readAnswer(new Response(body), 10_000)).toBeNull();
    expect(left).toBe(true);
  });
});
