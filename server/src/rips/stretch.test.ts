import { describe, expect, it } from 'vitest';
import type { EntryRow } from '../history/entry.ts';
import { playedStretch, suggestedOffsets, wishedStretch, worthCutting } from './stretch.ts';
import type { KeptTake } from './takes.ts';

const ten = Date.parse('2026-11-22T10:00:00.000Z');
const entry = (parts: Partial<EntryRow> = {}) =>
  ({
    started_at: '2026-11-22 10:00:00.000000',
    ended_at: null,
    duration_seconds: 100,
    speed: 1,
    ...parts,
  }) as EntryRow;
const take = (from: number, seconds: number): KeptTake => ({
  entry_id: '0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9',
  path: '/x.flac',
  started_at: new Date(ten + from * 1000).toISOString(),
  duration_seconds: seconds,
  sample_rate: 8000,
  channels: 2,
  bits_per_sample: 16,
  frames: seconds * 8000,
  clean: true,
  complete: true,
  wish: null,
});

describe('playedStretch', () => {
  it('lasts as long as the track, at the speed it was played', () => {
    expect(playedStretch(entry())).toEqual({ from: ten, to: ten + 100_000 });
    expect(playedStretch(entry({ speed: 1.25 })).to).toBe(ten + 80_000);
  });

  it('goes on to where it was heard to end, if that is later', () => {
    expect(playedStretch(entry({ ended_at: '2026-11-22 10:02:00.000000' })).to).toBe(ten + 120_000);
    expect(playedStretch(entry({ ended_at: '2026-11-22 10:01:00.000000' })).to).toBe(ten + 100_000);
  });

  it('has no end while nothing is known of one, and no start is an error', () => {
    expect(playedStretch(entry({ duration_seconds: null })).to).toBeNull();
    expect(() => playedStretch(entry({ started_at: null }))).toThrow(/not known when/);
  });
});

describe('wishedStretch', () => {
  it('has a margin on both sides, and ends now where no end is known', () => {
    const now = ten + 30_000;
    expect(wishedStretch(entry(), { margin: 30, now })).toEqual({ from: ten - 30_000, to: ten + 130_000 });
    expect(wishedStretch(entry({ duration_seconds: null }), { margin: 5, now })).toEqual({
      from: ten - 5_000,
      to: ten + 35_000,
    });
  });
});

describe('worthCutting', () => {
  const wish = { from: ten - 30_000, to: ten + 130_000 };
  const ask = (kept: KeptTake, { now = ten + 200_000, bufferSeconds = 720 } = {}) =>
    worthCutting({ take: kept, wish, now, bufferSeconds });

  it('not where everything is there', () => {
    expect(ask(take(-30, 160))).toBe(false);
    expect(ask(take(-40, 180))).toBe(false);
  });

  it('where the start or the end is missing and the buffer still has it', () => {
    expect(ask(take(-30, 100))).toBe(true);
    expect(ask(take(-10, 140))).toBe(true);
  });

  it('not where it would lose what is there', () => {
    expect(ask(take(-30, 100), { bufferSeconds: 200 })).toBe(false);
  });

  it('not before anything more can have been recorded', () => {
    expect(ask(take(-30, 100), { now: ten + 70_000 })).toBe(false);
  });
});

describe('suggestedOffsets', () => {
  it('are what is around the track', () => {
    expect(suggestedOffsets(take(-30, 160), entry())).toEqual({ start_offset: 30, end_offset: 30 });
    expect(suggestedOffsets(take(2, 50), entry())).toEqual({ start_offset: 0, end_offset: 0 });
    expect(suggestedOffsets(take(-30, 60), entry({ duration_seconds: null }))).toEqual({
      start_offset: 30,
      end_offset: 0,
    });
  });

  it('are none where they would leave nothing', () => {
    expect(suggestedOffsets(take(-100, 50), entry())).toEqual({ start_offset: 0, end_offset: 0 });
  });
});
