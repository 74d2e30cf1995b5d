import {
  binToStep,
  CELLS,
  CELLS_PER_STEP,
  HIGHEST_BIN,
  LOWEST_BIN,
  SPECTRUM_BINS,
  STEPS,
} from './geometry.ts';
import type { FrameConsumer } from './spectrogram.ts';

/** A spectral peak that is the largest of its neighbourhood. `frame` and `step` are fractional. */
export interface PeakConsumer {
  peak(frame: number, step: number, logPower: number, bin: number): void;
}

export interface Neighbourhood {
  /** No larger peak within so many frames before or after. */
  readonly frames: number;
  /** No larger peak within so many steps below or above. */
  readonly steps: number;
}

/** Below about -98 dB of full scale a maximum is rounding noise of the sound's own format. */
const FLOOR = -12;
const MAXIMA = HIGHEST_BIN - LOWEST_BIN;

/** The local maxima of one frame, waiting until the frames after it are known. */
interface Row {
  frame: number;
  count: number;
  readonly time: Float32Array;
  readonly step: Float32Array;
  readonly power: Float32Array;
  readonly bin: Uint16Array;
  /** The largest maximum of each half step; -Infinity where there is none. */
  readonly largest: Float32Array;
}

/**
 * Finds the maxima of the spectrogram's surface and keeps those that rule their neighbourhood
 * (Wang 2003, "An industrial-strength audio search algorithm", section 2.1). Position is refined by a
 * parabola through the log powers, in frequency and in time alike, so that it survives other framing.
 */
export class PeakPicker implements FrameConsumer {
  readonly #next: PeakConsumer;
  readonly #reach: Neighbourhood;
  readonly #rows: Row[];
  readonly #surface = [0, 1, 2].map(() => new Float32Array(SPECTRUM_BINS));
  #frames = 0;
  /** Rows up to this frame (exclusive) are decided. */
  #decided = 0;

  constructor(next: PeakConsumer, reach: Neighbourhood) {
    this.#next = next;
    this.#reach = reach;
    this.#rows = Array.from({ length: 2 * reach.frames + 1 }, createRow);
  }

  frame(logPower: Float32Array): void {
    this.#surface[this.#frames % 3].set(logPower);
    this.#frames++;
    const middle = this.#frames - 2;
    if (middle < 0) return;
    const row = this.#clearRow(middle);
    if (middle > 0) this.#findMaxima(row);
    if (middle >= this.#reach.frames) this.#decide(middle - this.#reach.frames);
  }

  finish(): void {
    for (let frame = this.#frames - 1; this.#decided < this.#frames - 1; frame++) {
      this.#clearRow(frame);
      if (frame >= this.#reach.frames) this.#decide(frame - this.#reach.frames);
    }
  }

  #clearRow(frame: number): Row {
    const row = this.#rows[frame % this.#rows.length];
    row.frame = frame;
    row.count = 0;
    row.largest.fill(Number.NEGATIVE_INFINITY);
    return row;
  }

  #findMaxima(row: Row): void {
    const before = this.#surface[(row.frame - 1) % 3];
    const here = this.#surface[row.frame % 3];
    const after = this.#surface[(row.frame + 1) % 3];
    for (let k = LOWEST_BIN; k < HIGHEST_BIN; k++) {
      const v = here[k];
      if (v < FLOOR || v <= here[k - 1] || v < here[k + 1] || v < before[k] || v <= after[k]) continue;
      const step = binToStep(k + vertex(here[k - 1], v, here[k + 1]));
      if (step < 0 || step >= STEPS) continue;
      const i = row.count++;
      row.time[i] = row.frame + vertex(before[k], v, after[k]);
      row.step[i] = step;
      row.power[i] = v;
      row.bin[i] = k;
      const cell = Math.floor(step * CELLS_PER_STEP);
      if (v > row.largest[cell]) row.largest[cell] = v;
    }
  }

  #decide(frame: number): void {
    this.#decided = frame + 1;
    const row = this.#rows[frame % this.#rows.length];
    for (let i = 0; i < row.count; i++) {
      if (this.#rules(row.step[i], row.power[i])) {
        this.#next.peak(row.time[i], row.step[i], row.power[i], row.bin[i]);
      }
    }
  }

  /** Whether nothing in the rows held now, which are exactly the neighbourhood, is larger. */
  #rules(step: number, power: number): boolean {
    const reach = this.#reach.steps * CELLS_PER_STEP;
    const cell = Math.floor(step * CELLS_PER_STEP);
    const from = Math.max(0, cell - reach);
    const to = Math.min(CELLS - 1, cell + reach);
    for (const row of this.#rows) {
      const largest = row.largest;
      for (let c = from; c <= to; c++) if (largest[c] > power) return false;
    }
    return true;
  }
}

/** Where a parabola through three equidistant values has its top, relative to the middle one. */
function vertex(left: number, middle: number, right: number): number {
  const curvature = left - 2 * middle + right;
  return curvature === 0 ? 0 : (left - right) / (2 * curvature);
}

function createRow(): Row {
  return {
    frame: -1,
    count: 0,
    time: new Float32Array(MAXIMA),
    step: new Float32Array(MAXIMA),
    power: new Float32Array(MAXIMA),
    bin: new Uint16Array(MAXIMA),
    largest: new Float32Array(CELLS).fill(Number.NEGATIVE_INFINITY),
  };
}
