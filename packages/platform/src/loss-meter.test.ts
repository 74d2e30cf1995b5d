import { describe, expect, it } from 'vitest';
import { createLossMeter } from './loss-meter.ts';

const rate = 1_000;
const block = 100;

/** Feeds blocks that were recorded every 100 ms; `at` says when a block arrives. Returns what was reported. */
function listen(blocks: number, at: (recordedMs: number) => number, without: (index: number) => boolean) {
  const meter = createLossMeter(rate);
  const reports: number[] = [];
  for (let index = 0; index < blocks; index += 1) {
    if (without(index)) continue;
    const missing = meter.count(block, at((index + 1) * block));
    if (missing > 0) reports.push(missing);
  }
  return reports;
}

const none = () => false;

describe('createLossMeter', () => {
  it('says nothing of blocks that are late but all there', () => {
    const jitter = (ms: number) => ms + ((ms * 7919) % 80);
    expect(listen(600, jitter, none)).toEqual([]);
  });

  it('says nothing when the program was busy and everything came at once afterwards', () => {
    const busy = (ms: number) => (ms > 20_000 && ms < 27_000 ? 27_000 : ms);
    expect(listen(600, busy, none)).toEqual([]);
  });

  it('says nothing of a clock that runs a little slow', () => {
    expect(listen(3_000, (ms) => ms * 1.0002, none)).toEqual([]);
  });

  it('reports once how many frames never came', () => {
    const reports = listen(
      600,
      (ms) => ms,
      (index) => index >= 300 && index < 310,
    );
    expect(reports).toHaveLength(1);
    expect(reports[0]).toBeCloseTo(1_000, -1);
  });
});
