/** Spectral peaks of a piece of sound, in order of time. */
export class Peaks {
  readonly count: number;
  /** How long the sound is, in frames. */
  readonly frames: number;
  /** Fractional frame of each peak. */
  readonly time: Float32Array;
  /** Fractional frequency step of each peak. */
  readonly step: Float32Array;

  constructor(count: number, frames: number) {
    this.count = count;
    this.frames = frames;
    this.time = new Float32Array(count);
    this.step = new Float32Array(count);
  }
}
