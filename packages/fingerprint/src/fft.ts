/**
 * Power spectra of two real frames by one complex transform: frame A is the real part, frame B the
 * imaginary one, and the symmetry of real spectra takes them apart again (Press et al., Numerical
 * Recipes, 12.3). The transform is an iterative radix-2 one (Cooley and Tukey 1965).
 */
export class PairSpectrum {
  readonly #size: number;
  readonly #order: Uint16Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #window: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  /** @param size samples a frame, a power of two up to 65,536 */
  constructor(size: number) {
    this.#size = size;
    this.#order = bitReversal(size);
    this.#cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    this.#window = Float64Array.from(
      { length: size },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size),
    );
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
  }

  /**
   * Hann-windowed power of the frames at `samples[a...]` and `samples[b...]` into `powerA` and
   * `powerB` (`size / 2` values each, bin 0 left alone). Samples past the end count as silence.
   */
  compute(samples: Float32Array, a: number, b: number, powerA: Float32Array, powerB: Float32Array): void {
    const size = this.#size;
    const re = this.#re;
    const im = this.#im;
    const window = this.#window;
    const order = this.#order;
    for (let i = 0; i < size; i++) {
      const to = order[i];
      re[to] = (samples[a + i] ?? 0) * window[i];
      im[to] = (samples[b + i] ?? 0) * window[i];
    }
    this.#transform();
    for (let k = 1, m = size - 1; k < size / 2; k++, m--) {
      const aRe = (re[k] + re[m]) / 2;
      const aIm = (im[k] - im[m]) / 2;
      const bRe = (im[k] + im[m]) / 2;
      const bIm = (re[m] - re[k]) / 2;
      powerA[k] = aRe * aRe + aIm * aIm;
      powerB[k] = bRe * bRe + bIm * bIm;
    }
  }

  #transform(): void {
    const size = this.#size;
    const re = this.#re;
    const im = this.#im;
    const cos = this.#cos;
    const sin = this.#sin;
    for (let half = 1; half < size; half <<= 1) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let a = start, w = 0; a < start + half; a++, w += stride) {
          const b = a + half;
          const tRe = re[b] * cos[w] + im[b] * sin[w];
          const tIm = im[b] * cos[w] - re[b] * sin[w];
          re[b] = re[a] - tRe;
          im[b] = im[a] - tIm;
          re[a] += tRe;
          im[a] += tIm;
        }
      }
    }
  }
}

function bitReversal(size: number): Uint16Array {
  const bits = Math.log2(size);
  if (!Number.isInteger(bits) || bits > 16) throw new RangeError(`${size} is no power of two up to 65536`);
  return Uint16Array.from({ length: size }, (_, i) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) if ((i >> bit) & 1) reversed |= 1 << (bits - 1 - bit);
    return reversed;
  });
}
