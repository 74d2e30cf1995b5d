import { CELLS, CELLS_PER_STEP, NEAR_FRAMES, stepToBin } from './geometry.ts';
import type { Peaks } from './peaks.ts';
import type { FrameConsumer } from './spectrogram.ts';

/**
 * What each frame and frequency of a clip says for a peak of a track being there: a logarithm (base 10) of how
 * much likelier it looks so there than by chance.
 */
export class Evidence {
  readonly frames: number;
  /** By cell (half a step of frequency), then by frame. */
  readonly weight: Float32Array;

  constructor(frames: number) {
    this.frames = frames;
    this.weight = new Float32Array(CELLS * frames);
  }
}

/** More than there are frames in most clips. */
const LEVELS = 1024;
/** Half of a track's peaks are taken to be lost in noise; the others are this much rarer among what is not so loud. */
const LOST = 0.5;
const RARITY = 0.2;

/**
 * Gathers evidence from the spectrum itself, not from its peaks: how loud each cell is among all moments of the
 * same cell. A note that the noise outdoes nearby, so that it is no maximum any more, still raises its own cell.
 * A rank does not mind level, equaliser, or a steady noise or hum.
 */
export class EvidenceBuilder implements FrameConsumer {
  readonly #rows: Float32Array[] = [];

  frame(logPower: Float32Array): void {
    const row = new Float32Array(CELLS);
    for (let cell = 0; cell < CELLS; cell++) row[cell] = loudest(logPower, bands[cell]);
    this.#rows.push(row);
  }

  finish(): Evidence {
    const frames = this.#rows.length;
    const evidence = new Evidence(frames);
    const byRank = weightsByRank(frames);
    const ranks = new Ranks();
    const series = new Float32Array(frames);
    for (let cell = 0; cell < CELLS; cell++) {
      for (let t = 0; t < frames; t++) series[t] = this.#rows[t][cell];
      ranks.count(series);
      for (let t = 0; t < frames; t++) evidence.weight[cell * frames + t] = byRank[ranks.of(series[t])];
    }
    return evidence;
  }
}

/** Ranks of values by counting, which takes a tenth of the time of sorting: exact to a thousandth of their range. */
class Ranks {
  readonly #below = new Uint32Array(LEVELS + 1);
  #least = 0;
  #levelsPerUnit = 0;

  count(values: Float32Array): void {
    let most = Number.NEGATIVE_INFINITY;
    this.#least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < values.length; i++) {
      if (values[i] < this.#least) this.#least = values[i];
      if (values[i] > most) most = values[i];
    }
    this.#levelsPerUnit = most > this.#least ? (LEVELS - 1) / (most - this.#least) : 0;
    this.#below.fill(0);
    for (let i = 0; i < values.length; i++) this.#below[this.#levelOf(values[i]) + 1]++;
    for (let level = 1; level <= LEVELS; level++) this.#below[level] += this.#below[level - 1];
  }

  /** How many values are below this one; of those alike, half. */
  of(value: number): number {
    const level = this.#levelOf(value);
    return (this.#below[level] + this.#below[level + 1] - 1) >> 1;
  }

  #levelOf(value: number): number {
    return ((value - this.#least) * this.#levelsPerUnit) | 0;
  }
}

/**
 * The likelihood ratio of a rank. By chance u = rank / frames is uniform, so x = -ln(1 - u) has the density
 * exp(-x); at a peak of the track it is taken to have that with probability LOST, else RARITY exp(-RARITY x).
 */
function weightsByRank(frames: number): Float32Array {
  const weights = new Float32Array(frames);
  for (let rank = 0; rank < frames; rank++) {
    const x = -Math.log(1 - (rank + 0.5) / frames);
    weights[rank] = Math.log10(LOST + (1 - LOST) * RARITY * Math.exp((1 - RARITY) * x));
  }
  return weights;
}

/** Frequency is counted in cells here: as near as two peaks that are the same are the cells beside a peak's own. */
const NEAR_CELLS = 1;

/** Evidence of sound that is only kept as peaks: there is one near, or there is none. */
export function evidenceOfPeaks(peaks: Peaks): Evidence {
  const frames = Math.ceil(peaks.frames);
  const evidence = new Evidence(frames);
  for (let i = 0; i < peaks.count; i++) {
    const [from, to] = within(peaks.time[i], NEAR_FRAMES, frames);
    const [lowest, highest] = within(peaks.step[i] * CELLS_PER_STEP, NEAR_CELLS, CELLS);
    for (let cell = lowest; cell <= highest; cell++) {
      evidence.weight.fill(1, cell * frames + from, cell * frames + to + 1);
    }
  }
  return evidence;
}

/** Whole numbers at most `reach` from `middle`, in [0, size). */
function within(middle: number, reach: number, size: number): [number, number] {
  return [Math.max(0, Math.ceil(middle - reach)), Math.min(size - 1, Math.floor(middle + reach))];
}

interface Band {
  /** The cell's middle as a fractional bin, and the bins that lie within the cell. */
  readonly bin: number;
  readonly from: number;
  readonly to: number;
}

const bands: readonly Band[] = Array.from({ length: CELLS }, (_, cell) => {
  const binOf = (at: number): number => stepToBin(at / CELLS_PER_STEP);
  return { bin: binOf(cell), from: Math.ceil(binOf(cell - 0.5)), to: Math.floor(binOf(cell + 0.5)) };
});

/** Low cells are narrower than a bin, high ones hold several. */
function loudest(logPower: Float32Array, { bin, from, to }: Band): number {
  const below = Math.floor(bin);
  let most = logPower[below] + (bin - below) * (logPower[below + 1] - logPower[below]);
  for (let k = from; k <= to; k++) most = Math.max(most, logPower[k]);
  return most;
}
