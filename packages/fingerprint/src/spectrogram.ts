import { PairSpectrum } from './fft.ts';
import { FRAME, HOP, SPECTRUM_BINS } from './geometry.ts';

/** What the spectrogram hands on: natural-log power, SPECTRUM_BINS values, only valid during the call. */
export interface FrameConsumer {
  frame(logPower: Float32Array): void;
}

/** Keeps the logarithm of digital silence finite; about -170 dB below full scale. */
const SILENCE = 1e-9;
/** What is louder, or no number, is no sound: its power would be no number, and spoil all frames that it is in. */
const LOUDEST = 1e9;
const BUFFER = 16 * FRAME;

/** Cuts a stream of samples into overlapping frames and hands on their log spectra, in order. */
export class Spectrogram {
  readonly #next: FrameConsumer;
  readonly #spectrum = new PairSpectrum(FRAME);
  /** The room past the end lets the last frame be computed in a pair like all others. */
  readonly #buffer = new Float32Array(BUFFER + HOP);
  readonly #even = new Float32Array(SPECTRUM_BINS);
  readonly #odd = new Float32Array(SPECTRUM_BINS);
  #start = 0;
  #end = 0;

  constructor(next: FrameConsumer) {
    this.#next = next;
  }

  /** @param pcm mono samples at FINGERPRINT_SAMPLE_RATE, any number of them; what is no sound counts as silence */
  push(pcm: Float32Array): void {
    for (let taken = 0; taken < pcm.length; ) {
      if (this.#end === BUFFER) this.#rewind();
      const room = Math.min(pcm.length - taken, BUFFER - this.#end);
      this.#buffer.set(pcm.subarray(taken, taken + room), this.#end);
      silenceNoSound(this.#buffer, this.#end, this.#end + room);
      this.#end += room;
      taken += room;
      for (; this.#end - this.#start >= FRAME + HOP; this.#start += 2 * HOP) this.#emit(2);
    }
  }

  /** Hands on the last whole frame, if an odd one is left. */
  finish(): void {
    if (this.#end - this.#start < FRAME) return;
    this.#buffer.fill(0, this.#end);
    this.#emit(1);
    this.#start += HOP;
  }

  #emit(frames: 1 | 2): void {
    this.#spectrum.compute(this.#buffer, this.#start, this.#start + HOP, this.#even, this.#odd);
    toLog(this.#even);
    this.#next.frame(this.#even);
    if (frames === 1) return;
    toLog(this.#odd);
    this.#next.frame(this.#odd);
  }

  #rewind(): void {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }
}

function silenceNoSound(pcm: Float32Array, from: number, to: number): void {
  // Not a number is not below anything.
  for (let i = from; i < to; i++) if (!(Math.abs(pcm[i]) <= LOUDEST)) pcm[i] = 0;
}

function toLog(power: Float32Array): void {
  for (let k = 1; k < power.length; k++) power[k] = Math.log(power[k] + SILENCE);
}
