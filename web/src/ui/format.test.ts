import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesText,
  clockText,
  dayKey,
  dayText,
  fromDecibels,
  parseClock,
  preciseClockText,
  sinceText,
  speedText,
  toDecibels,
} from './format.ts';

describe('times of a track', () => {
  test('are minutes and seconds, with hours only when there are any', () => {
    expect(clockText(0)).toBe('0:00');
    expect(clockText(83.9)).toBe('1:23');
    expect(clockText(3723)).toBe('1:02:03');
  });

  test('never count below zero', () => {
    expect(clockText(-4)).toBe('0:00');
    expect(preciseClockText(-4)).toBe('0:00.00');
  });

  test('carry hundredths over to the next second', () => {
    expect(preciseClockText(59.999)).toBe('1:00.00');
    expect(preciseClockText(83.456)).toBe('1:23.46');
  });

  test.each([
    ['83', 83],
    ['83.5', 83.5],
    ['1:23', 83],
    ['1:23,5', 83.5],
    [' 1:02:03 ', 3723],
    ['75:30', 4530],
  ])('are read from %s', (text, seconds) => {
    expect(parseClock(text)).toBeCloseTo(seconds, 6);
  });

  test.each(['', 'abc', '1:', ':30', '1:60', '1:99:00', '-3', '1:2:3:4', '1e3', 'Infinity'])(
    'are refused when written as "%s"',
    (text) => {
      expect(parseClock(text)).toBeNull();
    },
  );

  test('come back as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_000_00 }), (hundredths) => {
        expect(parseClock(preciseClockText(hundredths / 100))).toBeCloseTo(hundredths / 100, 5);
      }),
    );
  });

  test('are a number of seconds or null, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = parseClock(text);
        expect(seconds === null || (Number.isFinite(seconds) && seconds >= 0)).toBe(true);
      }),
    );
  });
});

describe('levels', () => {
  test('are dBFS between the floor and 0', () => {
    expect(toDecibels(1)).toBe(0);
    expect(toDecibels(0.1)).toBeCloseTo(-20, 6);
    expect(toDecibels(0)).toBe(-60);
    expect(toDecibels(1e-9, -90)).toBe(-90);
    expect(toDecibels(3)).toBe(0);
  });

  test('turn into RMS and back', () => {
    expect(fromDecibels(-68)).toBe(0.000398);
    expect(Math.round(toDecibels(fromDecibels(-68), -90))).toBe(-68);
  });
});

describe('speed', () => {
  test('is told only when it differs by 0.2 % or more', () => {
    expect(speedText(1.018)).toBe('+1.8 %');
    expect(speedText(0.985)).toBe('−1.5 %');
    expect(speedText(1.002)).toBe('+0.2 %');
    expect(speedText(1.0019)).toBeNull();
    expect(speedText(null)).toBeNull();
    expect(speedText(undefined)).toBeNull();
  });
});

describe('days', () => {
  const at = (day: number, hour = 12, year = 2026) => new Date(year, 10, day, hour).toISOString();
  const now = new Date(2026, 10, 22, 15).getTime();

  test('are called today and yesterday by the local calendar', () => {
    expect(dayText(at(22, 0), now)).toBe('Today');
    expect(dayText(at(21, 23), now)).toBe('Yesterday');
  });

  test('have a weekday this year, and the year otherwise', () => {
    expect(dayText(at(20), now)).toContain('Friday');
    expect(dayText(at(20, 12, 2024), now)).toContain('2024');
  });

  test('begin at midnight', () => {
    expect(dayKey(at(21, 23))).not.toBe(dayKey(at(22, 0)));
  });

  test('are left out of a time of today', () => {
    expect(sinceText(at(22, 10), now).length).toBeLessThan(sinceText(at(3, 10), now).length);
  });
});

test('sizes have the unit that suits them', () => {
  expect(bytesText(127_000_000)).toBe('127 MB');
  expect(bytesText(10)).toBe('1 MB');
  expect(bytesText(1_524_000_000)).toBe('1.5 GB');
});
