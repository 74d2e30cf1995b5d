import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferBytes } from './buffer-bytes.ts';
import { numberOutcome, readNumber } from './number-input.ts';

const minutes = { toShown: (seconds: number) => seconds / 60, toStored: (shown: number) => shown * 60 };
const outcome = (typed: string) =>
  numberOutcome({ name: 'buffer_length_seconds', typed, scale: minutes, unit: 'min' });

describe('a number that is typed', () => {
  test('is stored in the unit of the file', () => {
    expect(outcome('20')).toEqual({ outcome: 'save', stored: 1200 });
  });

  test('out of range is told in the unit that is shown', () => {
    expect(outcome('0')).toEqual({ outcome: 'wrong', message: 'From 1 to 1,440 min.' });
  });

  test('may have a comma or any minus sign', () => {
    expect(readNumber('0,5')).toBe(0.5);
    expect(readNumber(' −68 ')).toBe(-68);
  });

  test.each(['', 'ten', '1e5', '0x10', '1.', '--1'])('is refused when written as "%s"', (typed) => {
    expect(outcome(typed)).toEqual({ outcome: 'wrong', message: 'A number is needed.' });
  });

  test('is finite or nothing, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = readNumber(text);
        expect(number === null || Number.isFinite(number)).toBe(true);
      }),
    );
  });
});

describe('the size of the buffer', () => {
  test('is that of its samples', () => {
    const input = { sampleRate: 44_100, channels: 2, bitsPerSample: 16 };
    expect(bufferBytes({ seconds: 720, input })).toBe(127_008_000);
  });

  test('is not told while the format is not known', () => {
    expect(bufferBytes({ seconds: 720, input: { sampleRate: null, channels: null } })).toBeNull();
    expect(bufferBytes({ seconds: 720, input: undefined })).toBeNull();
  });
});
