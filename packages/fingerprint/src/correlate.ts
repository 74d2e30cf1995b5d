import type { Alignment } from './align.ts';
import type { Evidence } from './evidence.ts';
import { CELLS, CELLS_PER_STEP, speedToSteps } from './geometry.ts';
import type { TrackFingerprint } from './track-fingerprint.ts';

/** Where a clip lies in a track, and how far the evidence there stands out. */
export interface Correlation {
  readonly offset: number;
  readonly speed: number;
  /**
   * The peak-to-sidelobe ratio: standard deviations by which the evidence at this place is above that of the same
   * peaks moved against the clip.
   */
  readonly prominence: number;
  /**
   * That evidence, a logarithm (base 10) of likelihood: the difference between two places says how much likelier one of
   * them is, not whether either is right.
   */
  readonly evidence: number;
}

/** The line through the peaks may be wrong by so much: ratio of speed, and frames at the clip's middle. */
const SPEEDS = [-0.006, -0.004, -0.002, 0, 0.002, 0.004, 0.006];
const SHIFTS = 3;
/** Another line has to be a hundred times likelier than the one through the peaks, which is more exact. */
const MARGIN = 2;
const SLACK = 2;
/** Around the place itself the evidence is high: that is no sidelobe. */
const MAIN_LOBE = 8;
const FEWEST_LAGS = 16;
const MOST_LAGS = 150;
/** Where a passage has few peaks the sidelobes are small, but no proof: a decade of likelihood is within reach of chance. */
const LEAST_SPREAD = 0.7;

/**
 * Lays a track's peaks over the evidence of a clip, moves them in time, and tells how far the place stands out
 * from all others: a matched filter with the peak-to-sidelobe ratio as its measure (Bolme and others 2010, for
 * images). What makes strangers look alike, a common beat, one key, a held chord, raises the sidelobes as
 * well, so that a ratio means the same for any music and any length.
 */
export class Correlator {
  readonly #evidence: Evidence;
  readonly #time = new Float32Array(8192);
  readonly #step = new Float32Array(8192);
  /** Where in the evidence the row of a peak begins, and its frame. */
  readonly #row = new Int32Array(8192);
  readonly #frame = new Int32Array(8192);
  #laid = 0;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  correlate(track: TrackFingerprint, { offset, speed }: Pick<Alignment, 'offset' | 'speed'>): Correlation {
    const half = this.#evidence.frames / 2;
    const middle = offset + half * speed;
    const reach = half * speed + SHIFTS + SPEEDS.length;
    const read = track.read(middle - reach, middle + reach, this.#time, this.#step);
    let best = this.#around(read, { offset, speed }, SLACK);
    for (const off of SPEEDS) {
      const tried = speed * (1 + off);
      const found = this.#around(read, { offset: middle - half * tried, speed: tried }, SHIFTS);
      if (found.sum > best.sum + MARGIN) best = { ...found, offset: found.offset - found.shift * tried };
    }
    this.#lay(read, best);
    return {
      offset: best.offset,
      speed: best.speed,
      prominence: this.#prominence(best.sum),
      evidence: best.sum,
    };
  }

  /** The most evidence for the peaks of a line that is moved by up to `reach` frames. */
  #around(read: number, line: { offset: number; speed: number }, reach: number) {
    this.#lay(read, line);
    let best = { ...line, sum: Number.NEGATIVE_INFINITY, shift: 0 };
    for (let shift = -reach; shift <= reach; shift++) {
      const sum = this.#sumAt(shift);
      if (sum > best.sum) best = { ...line, sum, shift };
    }
    return best;
  }

  /** Takes the peaks that a line lays over the clip. */
  #lay(read: number, { offset, speed }: { offset: number; speed: number }): void {
    const { frames } = this.#evidence;
    const rise = speedToSteps(speed);
    this.#laid = 0;
    for (let r = 0; r < read; r++) {
      const frame = Math.round((this.#time[r] - offset) / speed);
      const cell = Math.round((this.#step[r] + rise) * CELLS_PER_STEP);
      if (frame < 0 || frame >= frames || cell < 0 || cell >= CELLS) continue;
      this.#row[this.#laid] = cell * frames;
      this.#frame[this.#laid++] = frame;
    }
  }

  /** Evidence for the peaks laid, `lag` frames later, those that leave the clip coming in again at its other end. */
  #sumAt(lag: number): number {
    const { frames, weight } = this.#evidence;
    let sum = 0;
    for (let i = 0; i < this.#laid; i++) {
      let frame = this.#frame[i] + lag;
      if (frame < 0) frame += frames;
      else if (frame >= frames) frame -= frames;
      sum += weight[this.#row[i] + frame];
    }
    return sum;
  }

  #prominence(peak: number): number {
    const { frames } = this.#evidence;
    const stride = Math.max(3, Math.round(frames / MOST_LAGS));
    let lags = 0;
    let sum = 0;
    let squares = 0;
    for (let lag = MAIN_LOBE; lag < frames - MAIN_LOBE; lag += stride, lags++) {
      const sidelobe = this.#sumAt(lag);
      sum += sidelobe;
      squares += sidelobe * sidelobe;
    }
    if (lags < FEWEST_LAGS) return 0;
    const mean = sum / lags;
    const spread = Math.sqrt(Math.max(0, squares / lags - mean * mean));
    return (peak - mean) / (spread + LEAST_SPREAD);
  }
}
