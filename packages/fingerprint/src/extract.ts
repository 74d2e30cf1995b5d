import { DensityLimiter } from './density.ts';
import { type Evidence, EvidenceBuilder } from './evidence.ts';
import { type Neighbourhood, PeakPicker } from './peak-picker.ts';
import type { Peaks } from './peaks.ts';
import { type FrameConsumer, Spectrogram } from './spectrogram.ts';

export type LandmarkPurpose = 'index' | 'query';

interface Density {
  readonly reach: Neighbourhood;
  readonly perHalfSecond: number;
}

/**
 * The index keeps few peaks because each costs memory for ever; the query takes many because noise
 * pushes the ones that count down the ranking.
 */
const DENSITIES: Record<LandmarkPurpose, Density> = {
  index: { reach: { frames: 8, steps: 5 }, perHalfSecond: 8 },
  query: { reach: { frames: 6, steps: 4 }, perHalfSecond: 30 },
};

/** Turns a stream of samples into peaks; memory grows with the peaks alone. */
export class LandmarkExtractor {
  readonly #spectrogram: Spectrogram;
  readonly #picker: PeakPicker;
  readonly #limiter: DensityLimiter;

  /** @param beside gets the spectra too */
  constructor(purpose: LandmarkPurpose, beside?: FrameConsumer) {
    const { reach, perHalfSecond } = DENSITIES[purpose];
    const limiter = new DensityLimiter(perHalfSecond, reach.frames + 3);
    const picker = new PeakPicker(limiter, reach);
    this.#limiter = limiter;
    this.#picker = picker;
    this.#spectrogram = new Spectrogram({
      frame(logPower) {
        limiter.frame(logPower);
        picker.frame(logPower);
        beside?.frame(logPower);
      },
    });
  }

  /** @param pcm mono samples at FINGERPRINT_SAMPLE_RATE */
  push(pcm: Float32Array): void {
    this.#spectrogram.push(pcm);
  }

  finish(): Peaks {
    this.#spectrogram.finish();
    this.#picker.finish();
    return this.#limiter.finish();
  }
}

/** The peaks of a whole clip: mono samples at FINGERPRINT_SAMPLE_RATE. */
export function extractLandmarks(pcm: Float32Array, purpose: LandmarkPurpose): Peaks {
  const extractor = new LandmarkExtractor(purpose);
  extractor.push(pcm);
  return extractor.finish();
}

/** What a clip is asked about with: its peaks, and what its spectrum says for peaks that it may have lost. */
export function extractClip(pcm: Float32Array): { peaks: Peaks; evidence: Evidence } {
  const builder = new EvidenceBuilder();
  const extractor = new LandmarkExtractor('query', builder);
  extractor.push(pcm);
  return { peaks: extractor.finish(), evidence: builder.finish() };
}
