import { createStoredReader } from '../pcm/converter.ts';
import { frameBytes, type PcmFormat } from '../pcm/format.ts';

/** Steps between silence and full scale: those of 16 bit. */
const STEPS = 32_768;

/**
 * The median of |sample| of the mono mix, full scale 1, in each of `parts` equal parts; 0 for parts
 * without a frame. `frames` is PCM of `format`, whole frames in each piece, `totalFrames` in all.
 * Needs memory for one histogram only; answers are exact to 1/65536.
 */
export async function medianAbsChart({
  frames,
  format,
  totalFrames,
  parts,
}: {
  frames: AsyncIterable<Uint8Array>;
  format: PcmFormat;
  totalFrames: number;
  parts: number;
}): Promise<number[]> {
  const chart: number[] = new Array(parts).fill(0);
  const histogram = new Histogram();
  const reader = createStoredReader(format);
  let mono = new Float32Array(0);
  let frame = 0;
  let part = 0;
  let end = Math.floor(totalFrames / parts);
  for await (const piece of frames) {
    const count = piece.length / frameBytes(format);
    if (mono.length < count) mono = new Float32Array(count);
    reader.toMono(piece, mono);
    for (let index = 0; index < count; index += 1) {
      while (frame >= end && part < parts - 1) {
        chart[part] = histogram.takeMedian();
        part += 1;
        end = Math.floor(((part + 1) * totalFrames) / parts);
      }
      histogram.add(Math.abs(mono[index]));
      frame += 1;
    }
  }
  chart[part] = histogram.takeMedian();
  return chart;
}

/** Counts values from 0 to 1 in steps of 1/32768. */
class Histogram {
  readonly #counts = new Uint32Array(STEPS + 1);
  #total = 0;
  #highest = 0;

  add(value: number): void {
    const step = Math.round(value * STEPS);
    this.#counts[step] += 1;
    this.#total += 1;
    if (step > this.#highest) this.#highest = step;
  }

  /** The median, the mean of both middle ones of an even number; 0 of none. Starts anew. */
  takeMedian(): number {
    const lower = this.#rank(Math.floor((this.#total - 1) / 2));
    const upper = this.#rank(Math.floor(this.#total / 2));
    this.#counts.fill(0, 0, this.#highest + 1);
    this.#total = 0;
    this.#highest = 0;
    return (lower + upper) / 2 / STEPS;
  }

  /** The value that has `rank` smaller ones in front of it. */
  #rank(rank: number): number {
    if (this.#total === 0) return 0;
    let seen = 0;
    for (let step = 0; step <= this.#highest; step += 1) {
      seen += this.#counts[step];
      if (seen > rank) return step;
    }
    return this.#highest;
  }
}
