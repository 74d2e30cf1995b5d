import { describe, expect, it } from 'vitest';
import { Aligner } from './align.ts';
import { Peaks } from './peaks.ts';
import { encodeTrackFingerprint } from './track-fingerprint.ts';

type Place = readonly [time: number, step: number];

function peaksAt(places: readonly Place[], frames: number): Peaks {
  const peaks = new Peaks(places.length, frames);
  places.forEach(([time, step], i) => {
    peaks.time[i] = time;
    peaks.step[i] = step;
  });
  return peaks;
}

describe('Aligner', () => {
  it('counts the peaks that clip and track share', () => {
    const places: Place[] = [20, 45, 70].map((step, i) => [4 * i, step]);
    const track = encodeTrackFingerprint(
      peaksAt(
        places.map(([time, step]) => [1000 + time, step]),
        2000,
      ),
    );
    const alignment = new Aligner(peaksAt(places, 165)).align(track, { frame: 1000, pivot: 0, speed: 1 });
    expect(alignment).toMatchObject({ matched: 3, references: 3 });
  });

  it('counts no peak that lies outside of the clip among those of a sparse passage', () => {
    const edge = [20, 45, 70];
    const inside = [30, 55, 80];
    const track = encodeTrackFingerprint(
      peaksAt(
        [...edge.map((step): Place => [998.5, step]), ...inside.map((step): Place => [1080, step])],
        2000,
      ),
    );
    const clip = peaksAt(
      edge.map((step) => [0, step]),
      165,
    );
    const alignment = new Aligner(clip).align(track, { frame: 1000, pivot: 0, speed: 1 });
    expect(alignment).toMatchObject({ matched: 0, references: 3 });
  });
});
