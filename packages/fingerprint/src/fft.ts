/**
 * Power spectra of two real frames by one complex transform: frame A is the real part, frame B the
 * imaginary one, and the symmetry of real spectra takes them apart again (Press et al., Numerical
 * Recipes, 12.3). The transform is the iterative one of Cooley and Tukey (1965).
 */
export class PairSpectrum {
  readonly #size: number;
  readonly #order: Uint16Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #window: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  /** @param size samples a frame, a power of four up to 65,536 */
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
   * `powerB` (`size / 2` values each, bin 0 left alone). Both frames lie within `samples`.
   */
  compute(samples: Float32Array, a: number, b: number, powerA: Float32Array, powerB: Float32Array): void {
    const size = this.#size;
    const re = this.#re;
    const im = this.#im;
    const window = this.#window;
    const order = this.#order;
    for (let i = 0; i < size; i++) {
      const to = order[i];
      re[to] = samples[a + i] * window[i];
      im[to] = samples[b + i] * window[i];
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

  /** Two radix-2 stages in each pass, as memory is what takes time. */
  #transform(): void {
    const size = this.#size;
    for (let quarter = 1; quarter < size; quarter *= 4) {
      const stride = size / (4 * quarter);
      for (let j = 0; j < quarter; j++) this.#butterflies(j, quarter, stride);
    }
  }

  /** All butterflies of a pass that share the twiddle factors of index `j`. */
  #butterflies(j: number, quarter: number, stride: number): void {
    const size = this.#size;
    const re = this.#re;
    const im = this.#im;
    const c1 = this.#cos[2 * j * stride];
    const s1 = this.#sin[2 * j * stride];
    const c2 = this.#cos[j * stride];
    const s2 = this.#sin[j * stride];
    for (let a = j; a < size; a += 4 * quarter) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const bRe = re[b] * c1 + im[b] * s1;
      const bIm = im[b] * c1 - re[b] * s1;
      const dRe = re[d] * c1 + im[d] * s1;
      const dIm = im[d] * c1 - re[d] * s1;
      const cSumRe = re[c] + dRe;
      const cSumIm = im[c] + dIm;
      const cOffRe = re[c] - dRe;
      const cOffIm = im[c] - dIm;
      const evenRe = cSumRe * c2 + cSumIm * s2;
      const evenIm = cSumIm * c2 - cSumRe * s2;
      // The second stage's other factor is a quarter turn further: -i times this one.
      const oddRe = cOffIm * c2 - cOffRe * s2;
      const oddIm = -cOffRe * c2 - cOffIm * s2;
      const sumRe = re[a] + bRe;
      const sumIm = im[a] + bIm;
      const offRe = re[a] - bRe;
      const offIm = im[a] - bIm;
      re[a] = sumRe + evenRe;
      im[a] = sumIm + evenIm;
      re[b] = offRe + oddRe;
      im[b] = offIm + oddIm;
      re[c] = sumRe - evenRe;
      im[c] = sumIm - evenIm;
      re[d] = offRe - oddRe;
      im[d] = offIm - oddIm;
    }
  }
}

function bitReversal(size: number): Uint16Array {
  const bits = Math.log2(size);
  if (bits % 2 !== 0 || bits > 16) throw new RangeError(`${size} is no power of four up to 65536`);
  return Uint16Array.from({ length: size }, (_, i) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) if ((i >> bit) & 1) reversed |= 1 << (bits - 1 - bit);
    return reversed;
  });
}
