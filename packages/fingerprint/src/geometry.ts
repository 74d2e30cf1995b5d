/**
 * The one grid that everything in this package is measured on.
 *
 * Time is counted in *frames* (one spectrum every HOP samples, 11.6 ms), frequency in *steps* of 1/24
 * octave above LOWEST_HZ. A logarithmic frequency axis turns a wrong deck speed into a plain shift,
 * which is what lets a query be rescaled after its peaks are found instead of resampled before.
 */
export const FINGERPRINT_SAMPLE_RATE = 11_025;

export const FRAME = 1024;
export const HOP = 128;
export const SPECTRUM_BINS = FRAME / 2;
export const FRAMES_PER_SECOND = FINGERPRINT_SAMPLE_RATE / HOP;

const LOWEST_HZ = 160;
const HIGHEST_HZ = 5200;
const STEPS_PER_OCTAVE = 24;
/** Peaks lie in [0, STEPS). */
export const STEPS = 125;
/** Peaks further apart in time than this are not the same peak. */
export const NEAR_FRAMES = 1.75;
/** A grid of half steps, where frequency has to be counted. */
export const CELLS_PER_STEP = 2;
export const CELLS = STEPS * CELLS_PER_STEP;

export const LOWEST_BIN = Math.ceil((LOWEST_HZ * FRAME) / FINGERPRINT_SAMPLE_RATE);
export const HIGHEST_BIN = Math.floor((HIGHEST_HZ * FRAME) / FINGERPRINT_SAMPLE_RATE);

/** A (fractional) FFT bin as steps above LOWEST_HZ. */
export function binToStep(bin: number): number {
  return Math.log2((bin * FINGERPRINT_SAMPLE_RATE) / FRAME / LOWEST_HZ) * STEPS_PER_OCTAVE;
}

/** Steps above LOWEST_HZ as a (fractional) FFT bin. */
export function stepToBin(step: number): number {
  return (LOWEST_HZ * 2 ** (step / STEPS_PER_OCTAVE) * FRAME) / FINGERPRINT_SAMPLE_RATE;
}

/** How many steps a sound moves up when it is played `speed` times as fast. */
export function speedToSteps(speed: number): number {
  return Math.log2(speed) * STEPS_PER_OCTAVE;
}

export function framesToSeconds(frames: number): number {
  return frames / FRAMES_PER_SECOND;
}

export function secondsToFrames(seconds: number): number {
  return seconds * FRAMES_PER_SECOND;
}
