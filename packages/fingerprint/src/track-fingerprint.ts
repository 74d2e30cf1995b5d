import { FingerprintError } from './errors.ts';
import { LandmarkExtractor, type LandmarkPurpose } from './extract.ts';
import { framesToSeconds, STEPS, secondsToFrames } from './geometry.ts';
import { Peaks } from './peaks.ts';

/**
 * Bytes of one track, little-endian: magic, frames (u32), peaks (u32), the number of peaks of each
 * block of 1024 frames (u16), then three bytes a peak: quarter frame within the block (12 bits) and
 * eighth of a step (10 bits). Pairs are derived from these, so this is all that must be kept.
 */
const MAGIC = 0x31465450; // "PTF1"
const HEADER = 12;
const PEAK_BYTES = 3;
const QUARTERS = 4;
const EIGHTHS = 8;
const BLOCK_BITS = 12;
const BLOCK_QUARTERS = 1 << BLOCK_BITS;
const EIGHTH_MASK = 0x3ff;

export class TrackFingerprint {
  readonly bytes: Uint8Array;
  readonly frames: number;
  readonly count: number;
  readonly #view: DataView;
  readonly #blocks: number;
  readonly #peaksAt: number;

  /** @throws FingerprintError `fingerprint_damaged` when the sizes told do not fit the bytes */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < HEADER || view.getUint32(0, true) !== MAGIC) throw damaged('no fingerprint');
    this.bytes = bytes;
    this.frames = view.getUint32(4, true);
    this.count = view.getUint32(8, true);
    this.#view = view;
    this.#blocks = blocksOf(this.frames);
    this.#peaksAt = HEADER + 2 * this.#blocks;
    if (bytes.byteLength !== this.#peaksAt + PEAK_BYTES * this.count) throw damaged('wrong length');
    let told = 0;
    for (let block = 0; block < this.#blocks; block++) told += this.#inBlock(block);
    if (told !== this.count) throw damaged('block sizes do not add up');
  }

  get seconds(): number {
    return framesToSeconds(this.frames);
  }

  /**
   * Reads the peaks of frames [from, to) into `time` and `step` as far as these reach.
   * @returns how many were written
   */
  read(from: number, to: number, time: Float32Array, step: Float32Array): number {
    let at = this.#peaksAt;
    let written = 0;
    for (let block = 0; block < this.#blocks; block++) {
      const start = (block * BLOCK_QUARTERS) / QUARTERS;
      const end = at + PEAK_BYTES * this.#inBlock(block);
      if (start >= to) break;
      if (start + BLOCK_QUARTERS / QUARTERS <= from) at = end;
      for (; at < end; at += PEAK_BYTES) {
        const word = this.bytes[at] | (this.bytes[at + 1] << 8) | (this.bytes[at + 2] << 16);
        const frame = start + (word & (BLOCK_QUARTERS - 1)) / QUARTERS;
        if (frame < from || frame >= to || written === time.length) continue;
        time[written] = frame;
        step[written++] = ((word >> BLOCK_BITS) & EIGHTH_MASK) / EIGHTHS;
      }
    }
    return written;
  }

  /** All peaks, as exact as they are stored. */
  peaks(): Peaks {
    const peaks = new Peaks(this.count, this.frames);
    this.read(0, Number.POSITIVE_INFINITY, peaks.time, peaks.step);
    return peaks;
  }

  /**
   * The peaks of the seconds [from, to), as a clip to ask about. A fingerprint made for the index has fewer
   * than a query would take from the same sound: see docs/recognition.md for what that costs.
   */
  excerpt(from: number, to: number): Peaks {
    const first = secondsToFrames(from);
    const end = Math.min(this.frames, secondsToFrames(to));
    const time = new Float32Array(this.count);
    const step = new Float32Array(this.count);
    const count = this.read(first, end, time, step);
    const peaks = new Peaks(count, Math.max(0, end - first));
    for (let i = 0; i < count; i++) peaks.time[i] = time[i] - first;
    peaks.step.set(step.subarray(0, count));
    return peaks;
  }

  #inBlock(block: number): number {
    return this.#view.getUint16(HEADER + 2 * block, true);
  }
}

export function encodeTrackFingerprint(peaks: Peaks): TrackFingerprint {
  const blocks = blocksOf(peaks.frames);
  const bytes = new Uint8Array(HEADER + 2 * blocks + PEAK_BYTES * peaks.count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, peaks.frames, true);
  view.setUint32(8, peaks.count, true);
  let at = HEADER + 2 * blocks;
  for (let i = 0; i < peaks.count; i++, at += PEAK_BYTES) {
    const quarter = Math.max(0, Math.round(peaks.time[i] * QUARTERS));
    const eighth = Math.min(STEPS * EIGHTHS - 1, Math.round(peaks.step[i] * EIGHTHS));
    const block = HEADER + 2 * (quarter >> BLOCK_BITS);
    view.setUint16(block, view.getUint16(block, true) + 1, true);
    const word = (quarter & (BLOCK_QUARTERS - 1)) | (eighth << BLOCK_BITS);
    bytes[at] = word;
    bytes[at + 1] = word >> 8;
    bytes[at + 2] = word >> 16;
  }
  return new TrackFingerprint(bytes);
}

/**
 * Fingerprints sound of any length piece by piece: push mono samples at FINGERPRINT_SAMPLE_RATE. `index` for
 * a track to be found; `query` for sound that is to be asked about later, which takes nearly 4 times the bytes.
 */
export class TrackFingerprinter {
  readonly #extractor: LandmarkExtractor;

  constructor(purpose: LandmarkPurpose) {
    this.#extractor = new LandmarkExtractor(purpose);
  }

  push(pcm: Float32Array): void {
    this.#extractor.push(pcm);
  }

  finish(): TrackFingerprint {
    return encodeTrackFingerprint(this.#extractor.finish());
  }
}

export function createTrackFingerprinter(purpose: LandmarkPurpose = 'index'): TrackFingerprinter {
  return new TrackFingerprinter(purpose);
}

/** One more than needed, for a peak that rounding moves past the last frame. */
function blocksOf(frames: number): number {
  return Math.floor((frames * QUARTERS) / BLOCK_QUARTERS) + 1;
}

function damaged(detail: string): FingerprintError {
  return new FingerprintError('fingerprint_damaged', detail);
}
