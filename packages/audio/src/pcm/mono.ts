/**
 * Mean of all channels into the front of `out`; answers that part of `out`. Allocation-free.
 * `out` holds at least as many samples as a channel.
 */
export function mixToMono(planar: readonly Float32Array[], out: Float32Array): Float32Array {
  const frames = planar[0]?.length ?? 0;
  const mono = out.subarray(0, frames);
  if (planar.length === 1) {
    mono.set(planar[0]);
    return mono;
  }
  const scale = 1 / planar.length;
  mono.fill(0);
  for (const channel of planar) {
    for (let frame = 0; frame < frames; frame += 1) mono[frame] += channel[frame] * scale;
  }
  return mono;
}

/** Full scale 1. Softer, nothing is said about the channels. */
const SOFTEST_POWER = 1e-7;
/** The mean of the channels to a channel, in power: from here on they cancel each other out (-17 dB) ... */
const OPPOSED = 1 / 50;
/** ... and from here on they do not (-6 dB). Ordinary stereo is at -3 dB and above. */
const TOGETHER = 1 / 4;
/** Seconds of `TOGETHER` in a row before both are listened to again. */
const SECONDS_TOGETHER = 3;
/** So much softer than what was opposed, it is the noise between two tracks, which is in each channel by itself. */
const AS_LOUD = 1 / 10;
const FADE_SECONDS = 0.02;

/** Channels into one, piece by piece; the pieces may be of any length. Allocation-free. */
export type Downmix = {
  /** As `mixToMono`, but for two channels that cancel each other out. */
  mix(planar: readonly Float32Array[], out: Float32Array): Float32Array;
  /** The same of two channels whose samples take turns, full scale `full`. */
  mixPairs(samples: Int32Array, full: number, out: Float32Array): void;
};

/**
 * The mean of all channels, bit by bit; but where the two of a stereo pair have cancelled each other out for a whole
 * second (the leads of one are reversed: a mono record would be silent) the first one alone, after a short fade, until
 * they have long been ordinary stereo as loud as that.
 */
export function createDownmix({ sampleRate }: { sampleRate: number }): Downmix {
  return new PairDownmix(Math.round(sampleRate));
}

type Samples = Float32Array | Int32Array;

class PairDownmix implements Downmix {
  readonly #second: number;
  readonly #fadeStep: number;
  /** Share of the first channel alone, and where it is going. */
  #alone = 0;
  #target: 0 | 1 = 0;
  /** Of the second under way: its frames, and the sums of squares of both channels and of their mean. */
  #frames = 0;
  #channels = 0;
  #mean = 0;
  #opposedPower = 0;
  #secondsTogether = 0;

  constructor(second: number) {
    this.#second = second;
    this.#fadeStep = 1 / (FADE_SECONDS * second);
  }

  mix(planar: readonly Float32Array[], out: Float32Array): Float32Array {
    if (planar.length !== 2) return mixToMono(planar, out);
    const mono = out.subarray(0, planar[0].length);
    this.#mix({ left: planar[0], right: planar[1], rightAt: 0, stride: 1, full: 1, out: mono });
    return mono;
  }

  mixPairs(samples: Int32Array, full: number, out: Float32Array): void {
    const mono = out.subarray(0, samples.length / 2);
    this.#mix({ left: samples, right: samples, rightAt: 1, stride: 2, full, out: mono });
  }

  #mix(pair: {
    left: Samples;
    right: Samples;
    rightAt: number;
    stride: number;
    full: number;
    out: Float32Array;
  }): void {
    const { left, right, rightAt, stride, full, out } = pair;
    const scale = 1 / full;
    for (let from = 0; from < out.length; ) {
      const to = Math.min(out.length, from + this.#second - this.#frames);
      const isPlain = this.#alone === 0 && this.#target === 0;
      let channels = this.#channels;
      let means = this.#mean;
      for (let frame = from, at = from * stride; frame < to; frame += 1, at += stride) {
        const a = left[at] * scale;
        const b = right[at + rightAt] * scale;
        const mean = (a + b) * 0.5;
        channels += a * a + b * b;
        means += mean * mean;
        out[frame] = isPlain ? mean : this.#faded(a, mean);
      }
      this.#channels = channels;
      this.#mean = means;
      this.#frames += to - from;
      from = to;
      if (this.#frames === this.#second) this.#judge();
    }
  }

  #faded(first: number, mean: number): number {
    this.#alone =
      this.#target === 1
        ? Math.min(1, this.#alone + this.#fadeStep)
        : Math.max(0, this.#alone - this.#fadeStep);
    return first * this.#alone + mean * (1 - this.#alone);
  }

  #judge(): void {
    const power = this.#channels / (2 * this.#second);
    const share = this.#mean / this.#second / power;
    this.#channels = 0;
    this.#mean = 0;
    this.#frames = 0;
    if (power < SOFTEST_POWER) return;
    if (share < OPPOSED) {
      this.#target = 1;
      this.#opposedPower = Math.max(this.#opposedPower, power);
    }
    const isTogether = share > TOGETHER && power > AS_LOUD * this.#opposedPower;
    this.#secondsTogether = isTogether ? this.#secondsTogether + 1 : 0;
    if (this.#secondsTogether < SECONDS_TOGETHER) return;
    this.#target = 0;
    this.#opposedPower = 0;
  }
}
