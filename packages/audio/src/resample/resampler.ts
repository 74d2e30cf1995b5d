/** Changes the rate of a mono signal piece by piece; the pieces' lengths do not change the result. */
export type Resampler = {
  /** The output that `input` completes; may be empty. The array is the caller's to keep. */
  push(input: Float32Array): Float32Array;
  /** The rest, after the last input; the resampler then starts anew. */
  flush(): Float32Array;
};

/** Zero crossings of the sinc on each side, at the lower of both rates. */
const CROSSINGS = 24;
/** Kaiser window parameter: about 100 dB stop band. */
const BETA = 10;
/** Middle of the transition band against the lower Nyquist frequency: it reaches from 0.77 to 1.03. */
const CUTOFF = 0.9;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * `up` phases of `taps` coefficients each, one row after the other, reversed so that a row is laid over
 * the input front to back. Source of the method: Kaiser-windowed sinc; Crochiere and Rabiner 1983.
 */
function designPhases({ up, down }: { up: number; down: number }): { rows: Float32Array; taps: number } {
  const cutoff = CUTOFF / Math.max(1, down / up);
  const half = CROSSINGS * Math.max(1, down / up);
  const taps = 4 * Math.ceil(half / 2);
  const rows = new Float32Array(up * taps);
  const window0 = besselI0(BETA);
  for (let phase = 0; phase < up; phase += 1) {
    let sum = 0;
    const row = new Float64Array(taps);
    for (let tap = 0; tap < taps; tap += 1) {
      const x = tap - taps / 2 + 1 - phase / up;
      const angle = Math.PI * x * cutoff;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      const edge = 1 - (x / half) ** 2;
      row[tap] = edge > 0 ? (sinc * besselI0(BETA * Math.sqrt(edge))) / window0 : 0;
      sum += row[tap];
    }
    // Each phase passes a constant unchanged, so that the phases do not ripple against each other.
    for (let tap = 0; tap < taps; tap += 1) rows[phase * taps + tap] = row[tap] / sum;
  }
  return { rows, taps };
}

/**
 * Polyphase Kaiser FIR. Output sample `n` is the input at time `n * from / to`: there is no delay, and
 * `ceil(length * to / from)` samples come out in all. Rates are in Hz, integers.
 */
export function createResampler({ from, to }: { from: number; to: number }): Resampler {
  if (from === to) return { push: (input) => input.slice(), flush: () => new Float32Array(0) };
  const common = divisor(from, to);
  return new PolyphaseResampler({ up: to / common, down: from / common });
}

class PolyphaseResampler implements Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #rows: Float32Array;
  readonly #taps: number;
  /** Input that later output still needs; begins `taps / 2 - 1` samples before the next output. */
  #held: Float32Array;
  #phase = 0;
  #received = 0;
  #produced = 0;

  constructor({ up, down }: { up: number; down: number }) {
    this.#up = up;
    this.#down = down;
    const { rows, taps } = designPhases({ up, down });
    this.#rows = rows;
    this.#taps = taps;
    this.#held = new Float32Array(taps / 2 - 1);
  }

  push(input: Float32Array): Float32Array {
    this.#received += input.length;
    return this.#run(input, Number.POSITIVE_INFINITY);
  }

  flush(): Float32Array {
    const total = Math.ceil((this.#received * this.#up) / this.#down);
    const output = this.#run(new Float32Array(this.#taps), total - this.#produced);
    this.#held = new Float32Array(this.#taps / 2 - 1);
    this.#phase = 0;
    this.#received = 0;
    this.#produced = 0;
    return output;
  }

  #run(input: Float32Array, limit: number): Float32Array {
    const signal = new Float32Array(this.#held.length + input.length);
    signal.set(this.#held);
    signal.set(input, this.#held.length);
    const last = signal.length - this.#taps;
    const possible = last < 0 ? 0 : Math.ceil(((last + 1) * this.#up - this.#phase) / this.#down);
    const output = new Float32Array(Math.max(0, Math.min(limit, possible)));
    const start = this.#convolve(signal, output);
    this.#produced += output.length;
    this.#held = signal.slice(start);
    return output;
  }

  /** Fills `output`; answers where in `signal` the next output begins. */
  #convolve(signal: Float32Array, output: Float32Array): number {
    const rows = this.#rows;
    const taps = this.#taps;
    const up = this.#up;
    const step = Math.floor(this.#down / up);
    const turn = this.#down % up;
    let start = 0;
    let phase = this.#phase;
    for (let index = 0; index < output.length; index += 1) {
      const row = phase * taps;
      // Four sums at a time keep the processor's adders busy: twice as fast as one.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let tap = 0; tap < taps; tap += 4) {
        a += signal[start + tap] * rows[row + tap];
        b += signal[start + tap + 1] * rows[row + tap + 1];
        c += signal[start + tap + 2] * rows[row + tap + 2];
        d += signal[start + tap + 3] * rows[row + tap + 3];
      }
      output[index] = a + b + c + d;
      start += step;
      phase += turn;
      if (phase >= up) {
        phase -= up;
        start += 1;
      }
    }
    this.#phase = phase;
    return start;
  }
}
