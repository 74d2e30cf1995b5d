import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { tellStart } from './tell-start.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('says each step once where it is quick, and that it goes on where it is not', () => {
  const told: unknown[][] = [];
  const teller = tellStart({ tell: (...all) => told.push(all), everyMs: 15_000 });
  teller.step('folders', 'Looking ...', 0.1);
  vi.advanceTimersByTime(14_000);
  teller.step('bus', 'Starting the bus ...', 0.2);
  vi.advanceTimersByTime(31_000);
  teller.end();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([
    ['folders', 'Looking ...', 0.1],
    ['bus', 'Starting the bus ...', 0.2],
    ['bus', 'Starting the bus ... (15 s so far)', 0.2],
    ['bus', 'Starting the bus ... (30 s so far)', 0.2],
  ]);
});
