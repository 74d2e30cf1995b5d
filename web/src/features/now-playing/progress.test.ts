import { describe, expect, test } from 'vitest';
import { playingStatus } from '../../../dev/fake-data.ts';
import { trackProgress } from './progress.ts';

const start = Date.parse('2026-11-22T10:00:00.000Z');
const status = { ...playingStatus(), started_at: '2026-11-22T10:00:00.000Z', speed: 1 };
const after = (seconds: number) => start + seconds * 1000;

describe('the progress of a track', () => {
  test('is the time since its start', () => {
    expect(trackProgress({ status, now: after(98) })).toEqual({ position: 98, duration: 245, fraction: 0.4 });
  });

  test('is stretched by the speed at which it plays', () => {
    expect(trackProgress({ status: { ...status, speed: 1.02 }, now: after(100) })?.position).toBeCloseTo(
      102,
      6,
    );
  });

  test('stays within the track', () => {
    expect(trackProgress({ status, now: after(-3) })?.position).toBe(0);
    expect(trackProgress({ status, now: after(999) })).toMatchObject({ position: 245, fraction: 1 });
  });

  test('has no fraction while the duration is not known', () => {
    const track = status.track && { ...status.track, duration_seconds: null };
    const endless = { ...status, track, duration_seconds: null };
    expect(trackProgress({ status: endless, now: after(999) })).toEqual({
      position: 999,
      duration: null,
      fraction: null,
    });
  });

  test('is not known without a track or its start', () => {
    expect(trackProgress({ status: { ...status, track: null }, now: start })).toBeNull();
    expect(trackProgress({ status: { ...status, started_at: null }, now: start })).toBeNull();
  });
});
