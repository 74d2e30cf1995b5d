import type { LandmarkPurpose } from '../extract.ts';
import { FINGERPRINT_SAMPLE_RATE } from '../geometry.ts';
import { createTrackFingerprinter, type TrackFingerprint } from '../track-fingerprint.ts';

/** A random number generator that gives the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A tune of its own for each seed: a chord of decaying tones every so often, over faint noise.
 * @param speed as if a deck ran so much too fast
 */
export function tune(seed: number, seconds: number, speed = 1): Float32Array {
  const random = seeded(seed);
  const rate = FINGERPRINT_SAMPLE_RATE;
  const pcm = new Float32Array(Math.round((seconds * rate) / speed));
  for (let start = 0; start < seconds; start += 0.12 + 0.2 * random()) {
    for (let voice = 0; voice < 2; voice++) {
      const hz = 200 * 2 ** (4 * random());
      addTone(pcm, { start: start / speed, hz: hz * speed, decay: (0.1 + 0.3 * random()) / speed });
    }
  }
  const hiss = seeded(seed + 1000);
  for (let i = 0; i < pcm.length; i++) pcm[i] += 0.001 * (hiss() - 0.5);
  return pcm;
}

function addTone(
  pcm: Float32Array,
  { start, hz, decay }: { start: number; hz: number; decay: number },
): void {
  const rate = FINGERPRINT_SAMPLE_RATE;
  const from = Math.round(start * rate);
  const to = Math.min(pcm.length, from + Math.round(4 * decay * rate));
  for (let i = from; i < to; i++) {
    const t = (i - from) / rate;
    pcm[i] += 0.1 * Math.exp(-t / decay) * Math.sin(2 * Math.PI * hz * t);
  }
}

export function fingerprintOf(pcm: Float32Array, purpose?: LandmarkPurpose): TrackFingerprint {
  const fingerprinter = createTrackFingerprinter(purpose);
  fingerprinter.push(pcm);
  return fingerprinter.finish();
}

/** Seconds [from, to) of a recording. */
export function excerpt(pcm: Float32Array, from: number, to: number): Float32Array {
  return pcm.slice(Math.round(from * FINGERPRINT_SAMPLE_RATE), Math.round(to * FINGERPRINT_SAMPLE_RATE));
}
