import { encodeTrackFingerprint, Peaks, type TrackFingerprint } from '@pidentify/fingerprint';
import { seeded } from '../seeded.ts';
import type { Fingerprinted } from './fingerprints.ts';

/** Further off than a deck may be wrong, so that no variant answers for its original. */
const LEAST_STRETCH = 0.06;
const MOST_STRETCH = 0.2;
const MOST_STEPS = 12;
const STEPS = 125;

/**
 * A track that does not exist, of the same statistics as one that does: the peaks of a real one stretched in
 * time by 6 to 20 %, moved in pitch by up to half an octave, and every other one played backwards.
 */
export function variantOf(fingerprint: TrackFingerprint, seed: number): TrackFingerprint {
  const random = seeded(seed);
  const stretch = 1 + (LEAST_STRETCH + (MOST_STRETCH - LEAST_STRETCH) * random()) * (random() < 0.5 ? -1 : 1);
  const shift = Math.round((2 * random() - 1) * MOST_STEPS * 8) / 8;
  const backwards = random() < 0.5;
  const { time, step, count, frames } = fingerprint.peaks();
  const moved = Array.from({ length: count }, (_, i) => ({
    time: (backwards ? frames - time[i] : time[i]) * stretch,
    step: step[i] + shift,
  }))
    .filter((peak) => peak.step >= 0 && peak.step < STEPS)
    .sort((a, b) => a.time - b.time);
  const peaks = new Peaks(moved.length, Math.round(frames * stretch));
  moved.forEach((peak, i) => {
    peaks.time[i] = peak.time;
    peaks.step[i] = peak.step;
  });
  return encodeTrackFingerprint(peaks);
}

/** Real tracks first, then variants of them until there are `hours` of music. */
export function* musicOfHours(
  real: readonly Fingerprinted[],
  hours: number,
): Generator<{ key: string; fingerprint: TrackFingerprint }> {
  let left = hours * 3600;
  for (let i = 0; left > 0; i++) {
    const { track, fingerprint } = real[i % real.length];
    const round = Math.floor(i / real.length);
    const one = round === 0 ? fingerprint : variantOf(fingerprint, i);
    left -= one.seconds;
    yield { key: round === 0 ? track.id : `${track.id} ${round}`, fingerprint: one };
  }
}
