import { FRAMES_PER_SECOND, SPECTRUM_BINS } from './geometry.ts';
import type { PeakConsumer } from './peak-picker.ts';
import { Peaks } from './peaks.ts';
import type { FrameConsumer } from './spectrogram.ts';

/** Half a second: the unit in which peaks are rationed. */
const BLOCK = Math.round(FRAMES_PER_SECOND / 2);
/** Blocks before and after that a peak is compared with (2.5 s in all). */
const CONTEXT = 2;
const RING = 2 * CONTEXT + 4;
/** How much loudness counts beside prominence: a little, as what is loud survives noise. */
const LOUDNESS_WEIGHT = 0.25;

interface Candidate {
  readonly frame: number;
  readonly step: number;
  readonly power: number;
  readonly bin: number;
  rank: number;
}

/**
 * Keeps the most telling peaks of each half second: those that stand out most over what their own
 * frequency does around then. A held organ note or hum has many maxima and little prominence.
 */
export class DensityLimiter implements FrameConsumer, PeakConsumer {
  readonly #perBlock: number;
  readonly #sums = Array.from({ length: RING }, () => new Float64Array(SPECTRUM_BINS));
  readonly #sizes = new Uint16Array(RING);
  readonly #waiting: Candidate[][] = Array.from({ length: RING }, () => []);
  readonly #kept: Candidate[] = [];
  readonly #delay: number;
  #frames = 0;
  #released = 0;

  /**
   * @param perBlock peaks a half second at most
   * @param delay frames after which a peak of a frame arrives here at the latest
   */
  constructor(perBlock: number, delay: number) {
    this.#perBlock = perBlock;
    this.#delay = delay;
  }

  frame(logPower: Float32Array): void {
    const block = Math.floor(this.#frames / BLOCK);
    const sum = this.#sums[block % RING];
    if (this.#frames % BLOCK === 0) {
      sum.fill(0);
      this.#sizes[block % RING] = 0;
    }
    for (let k = 1; k < SPECTRUM_BINS; k++) sum[k] += logPower[k];
    this.#sizes[block % RING]++;
    this.#frames++;
    const complete = Math.floor((this.#frames - this.#delay) / BLOCK);
    while (this.#released + CONTEXT < complete) this.#release();
  }

  peak(frame: number, step: number, power: number, bin: number): void {
    const block = Math.max(this.#released, Math.floor(frame / BLOCK));
    this.#waiting[block % RING].push({ frame, step, power, bin, rank: 0 });
  }

  /** All peaks kept, in order of time. */
  finish(): Peaks {
    const blocks = Math.ceil(this.#frames / BLOCK);
    while (this.#released < blocks) this.#release();
    const kept = this.#kept.sort((a, b) => a.frame - b.frame || a.step - b.step);
    const peaks = new Peaks(kept.length, this.#frames);
    for (let i = 0; i < kept.length; i++) {
      peaks.time[i] = kept[i].frame;
      peaks.step[i] = kept[i].step;
    }
    return peaks;
  }

  #release(): void {
    const block = this.#released++;
    const waiting = this.#waiting[block % RING];
    this.#waiting[block % RING] = [];
    if (waiting.length > this.#perBlock) {
      for (const peak of waiting) {
        peak.rank = (1 + LOUDNESS_WEIGHT) * peak.power - this.#meanAround(block, peak.bin);
      }
      waiting.sort((a, b) => b.rank - a.rank);
      waiting.length = this.#perBlock;
    }
    this.#kept.push(...waiting);
  }

  #meanAround(block: number, bin: number): number {
    let sum = 0;
    let size = 0;
    const last = Math.min(block + CONTEXT, Math.floor((this.#frames - 1) / BLOCK));
    for (let b = Math.max(0, block - CONTEXT); b <= last; b++) {
      sum += this.#sums[b % RING][bin];
      size += this.#sizes[b % RING];
    }
    return sum / size;
  }
}
