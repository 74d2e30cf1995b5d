import { NEAR_FRAMES, speedToSteps } from './geometry.ts';
import type { Peaks } from './peaks.ts';
import type { TrackFingerprint } from './track-fingerprint.ts';

/** How well a clip fits a place of a track, once both are laid over each other peak by peak. */
export interface Alignment {
  /** Frame of the track at which the clip begins; below 0 where it begins before the track. */
  readonly offset: number;
  readonly speed: number;
  /** Peaks of the track in this span, and how many of them the clip has too. */
  readonly references: number;
  readonly matched: number;
}

/** Where to look: the clip's frame `pivot` lies near the track's frame `frame`, at about `speed`. */
export interface Guess {
  readonly frame: number;
  readonly pivot: number;
  readonly speed: number;
}

/** The guess may be wrong by so much: frames at the pivot, and ratio of speed. */
const REACH_FRAMES = 7;
const REACH_SPEED = 0.014;
const SPEED_GRID = 0.002;
const REACH_STEPS = speedToSteps(1 + REACH_SPEED) + 0.4;
/** As `NEAR_FRAMES`, in frequency. */
const NEAR_STEPS = 0.4;
const REFINEMENTS = [4, 2.5, NEAR_FRAMES];
const FEWEST_FOR_LINE = 6;
const RESIDUALS = 2 * REACH_FRAMES + 4;

/** A peak of the track and one of the clip that may be the same; times relative to the guess. */
class Correspondences {
  count = 0;
  reference = new Int32Array(4096);
  trackTime = new Float64Array(4096);
  clipTime = new Float64Array(4096);
  rise = new Float64Array(4096);

  add(reference: number, trackTime: number, clipTime: number, rise: number): void {
    if (this.count === this.reference.length) return;
    this.reference[this.count] = reference;
    this.trackTime[this.count] = trackTime;
    this.clipTime[this.count] = clipTime;
    this.rise[this.count++] = rise;
  }
}

interface Line {
  /** Track time (relative to the guess) at the pivot. */
  readonly at: number;
  readonly speed: number;
}

/** Lays one clip over many places of many tracks; its buffers are reused. */
export class Aligner {
  readonly #clip: Peaks;
  readonly #time = new Float32Array(4096);
  readonly #step = new Float32Array(4096);
  readonly #near = new Correspondences();
  readonly #residuals = new Uint16Array(RESIDUALS);

  constructor(clip: Peaks) {
    this.#clip = clip;
  }

  align(track: TrackFingerprint, guess: Guess): Alignment | null {
    const span = this.#spanOf(guess);
    const read = track.read(span.from - REACH_FRAMES, span.to + REACH_FRAMES, this.#time, this.#step);
    this.#correspond(read, guess);
    let line = this.#search(guess);
    for (const tolerance of REFINEMENTS) line = this.#refine(line, tolerance);
    return this.#count(read, guess, line);
  }

  #spanOf({ frame, pivot, speed }: Guess): { from: number; to: number } {
    return { from: frame - pivot * speed, to: frame + (this.#clip.frames - pivot) * speed };
  }

  /** All pairs of peaks that the guess, wrong as it may be, allows to be the same. */
  #correspond(read: number, { frame, pivot, speed }: Guess): void {
    const { time, step, count } = this.#clip;
    const shift = speedToSteps(speed);
    this.#near.count = 0;
    let first = 0;
    for (let r = 0; r < read; r++) {
      const trackTime = this.#time[r] - frame;
      const reach = REACH_FRAMES + REACH_SPEED * Math.abs(trackTime);
      const middle = pivot + trackTime / speed;
      while (first < count && time[first] < middle - reach - REACH_FRAMES) first++;
      for (let q = first; q < count && time[q] <= middle + reach; q++) {
        if (time[q] < middle - reach) continue;
        const rise = step[q] - this.#step[r];
        if (Math.abs(rise - shift) <= REACH_STEPS) this.#near.add(r, trackTime, time[q] - pivot, rise);
      }
    }
  }

  /** The best of a grid of speeds and offsets. Speed moves time and frequency together. */
  #search({ speed }: Guess): Line {
    let best: Line = { at: 0, speed };
    let most = 0;
    for (let off = -REACH_SPEED; off <= REACH_SPEED + 1e-9; off += SPEED_GRID) {
      const tried = speed * (1 + off);
      this.#fillResiduals(tried);
      for (let i = 1; i < RESIDUALS - 1; i++) {
        const votes = this.#residuals[i - 1] + 2 * this.#residuals[i] + this.#residuals[i + 1];
        if (votes > most) {
          most = votes;
          best = { at: i - RESIDUALS / 2, speed: tried };
        }
      }
    }
    return best;
  }

  #fillResiduals(speed: number): void {
    const near = this.#near;
    const shift = speedToSteps(speed);
    this.#residuals.fill(0);
    for (let i = 0; i < near.count; i++) {
      if (Math.abs(near.rise[i] - shift) > NEAR_STEPS) continue;
      const residual = Math.round(near.trackTime[i] - speed * near.clipTime[i]) + RESIDUALS / 2;
      if (residual >= 0 && residual < RESIDUALS) this.#residuals[residual]++;
    }
  }

  /** Least squares through the peaks within `tolerance` frames of the line. */
  #refine(line: Line, tolerance: number): Line {
    const near = this.#near;
    const shift = speedToSteps(line.speed);
    let n = 0;
    let sumX = 0;
    let sumY = 0;
    let sumXX = 0;
    let sumXY = 0;
    for (let i = 0; i < near.count; i++) {
      const x = near.clipTime[i];
      const y = near.trackTime[i] - line.speed * x - line.at;
      if (Math.abs(y) > tolerance || Math.abs(near.rise[i] - shift) > NEAR_STEPS) continue;
      n++;
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumXY += x * y;
    }
    const spread = n * sumXX - sumX * sumX;
    if (n < FEWEST_FOR_LINE || spread <= 0) return line;
    const slope = (n * sumXY - sumX * sumY) / spread;
    if (Math.abs(slope) > REACH_SPEED) return line;
    return { at: line.at + (sumY - slope * sumX) / n, speed: line.speed + slope };
  }

  #count(read: number, { frame, pivot }: Guess, line: Line): Alignment | null {
    const { speed } = line;
    const offset = frame + line.at - pivot * speed;
    const end = offset + this.#clip.frames * speed;
    let references = 0;
    for (let r = 0; r < read; r++) if (this.#time[r] >= offset && this.#time[r] < end) references++;
    if (references === 0) return null;
    return { offset, speed, references, matched: this.#countMatched(line, offset, end) };
  }

  /** Peaks of the track from `offset` to `end` that the clip has too. */
  #countMatched(line: Line, offset: number, end: number): number {
    const near = this.#near;
    const shift = speedToSteps(line.speed);
    let matched = 0;
    let last = -1;
    for (let i = 0; i < near.count; i++) {
      const time = this.#time[near.reference[i]];
      if (time < offset || time >= end) continue;
      if (near.reference[i] === last || Math.abs(near.rise[i] - shift) > NEAR_STEPS) continue;
      const off = near.trackTime[i] - line.speed * near.clipTime[i] - line.at;
      if (Math.abs(off) > NEAR_FRAMES) continue;
      last = near.reference[i];
      matched++;
    }
    return matched;
  }
}
