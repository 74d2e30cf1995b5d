import { PairSpectrum } from '@pidentify/fingerprint';

/** Samples a spectrum, at the decimated rate of about 11 kHz: 93 ms, a bin of 10.8 Hz. */
const frameSize = 1024;
/** Spectra a second. */
export const framesPerSecond = 32;
const decimatedRate = 11_025;

/** A click stands out of the mean magnitude by more than this and is cut down to it. */
const clickFactor = 4;
const clickSmoothing = 0.02;

type SpectraOptions = {
  /** `power`: of `frameSize / 2` bins, valid during the call. */
  onSpectrum(power: Float32Array, binHz: number): void;
};

/**
 * Power spectra of what is heard, with clicks cut down first, so that crackle does not look like sound that
 * moves. The rate is lowered by two running sums (a CIC filter, Hogenauer 1981), enough for telling sounds apart.
 * Nothing is allocated while it hears.
 */
export function createSpectra({ onSpectrum }: SpectraOptions) {
  const transform = new PairSpectrum(frameSize);
  const powers = [new Float32Array(frameSize / 2), new Float32Array(frameSize / 2)];
  let lately = new Float32Array(0);
  let fill = 0;
  let stride = 0;
  let factor = 1;
  let binHz = 0;
  let smoothing = 0;
  /** Samples until the mean magnitude is known. */
  let settling = 0;
  let mean = 0;
  let sum = 0;
  let sumBefore = 0;
  let count = 0;

  function compute(): void {
    transform.compute(lately, 0, stride, powers[0], powers[1]);
    onSpectrum(powers[0], binHz);
    onSpectrum(powers[1], binHz);
    lately.copyWithin(0, 2 * stride, fill);
    fill -= 2 * stride;
  }

  return {
    begin({ sampleRate }: { sampleRate: number }): void {
      factor = Math.max(1, Math.round(sampleRate / decimatedRate));
      const rate = sampleRate / factor;
      stride = Math.round(rate / framesPerSecond);
      binHz = rate / frameSize;
      smoothing = 1 / (clickSmoothing * sampleRate);
      settling = Math.round(4 * clickSmoothing * sampleRate);
      lately = new Float32Array(frameSize + stride);
      fill = 0;
      mean = 0;
      sum = 0;
      sumBefore = 0;
      count = 0;
    },
    hear(mono: Float32Array): void {
      for (let i = 0; i < mono.length; i += 1) {
        const value = mono[i];
        const size = value < 0 ? -value : value;
        const limit = settling > 0 ? size : clickFactor * mean;
        mean += smoothing * (Math.min(size, limit) - mean) + 1e-9;
        if (settling > 0) settling -= 1;
        sum += size > limit ? (value < 0 ? -limit : limit) : value;
        count += 1;
        if (count < factor) continue;
        // A triangle over two steps: the second running sum of the two.
        lately[fill] = (sum + sumBefore) / (2 * factor);
        fill += 1;
        sumBefore = sum;
        sum = 0;
        count = 0;
        if (fill === lately.length) compute();
      }
    },
  };
}
