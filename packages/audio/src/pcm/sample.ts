/**
 * How a device delivers samples; the names are PulseAudio's. `s24-32le` is 24 bit in the low bytes of
 * 32.
 */
export type SampleFormat = 'u8' | 's16le' | 's16be' | 's24le' | 's24-32le' | 's32le' | 'float32le';

/** How samples are read, and stored. One loop a format: it runs for every sample of every second. */
export type SampleCodec = {
  /** Bytes of a sample in the device's stream. */
  bytes: 1 | 2 | 3 | 4;
  /** Depth it is stored with. */
  bitsPerSample: 16 | 24;
  /**
   * Fills `into` with interleaved samples as integers of the stored depth, the nearest where there is
   * no exact one; answers the number of frames of which a sample was not exact.
   */
  read(bytes: Uint8Array, into: Int32Array, channels: number): number;
};

const FULL_24 = 2 ** 23;
const MAX_24 = FULL_24 - 1;

const readU8: SampleCodec['read'] = (bytes, into) => {
  for (let index = 0; index < into.length; index += 1) into[index] = (bytes[index] - 128) << 8;
  return 0;
};

const readS16: SampleCodec['read'] = (bytes, into) => {
  for (let index = 0, at = 0; index < into.length; index += 1, at += 2) {
    into[index] = ((bytes[at + 1] << 24) >> 16) | bytes[at];
  }
  return 0;
};

const readS16BigEndian: SampleCodec['read'] = (bytes, into) => {
  for (let index = 0, at = 0; index < into.length; index += 1, at += 2) {
    into[index] = ((bytes[at] << 24) >> 16) | bytes[at + 1];
  }
  return 0;
};

const readS24: SampleCodec['read'] = (bytes, into) => {
  for (let index = 0, at = 0; index < into.length; index += 1, at += 3) {
    into[index] = ((bytes[at + 2] << 24) >> 8) | (bytes[at + 1] << 8) | bytes[at];
  }
  return 0;
};

const readS24In32: SampleCodec['read'] = (bytes, into) => {
  for (let index = 0, at = 0; index < into.length; index += 1, at += 4) {
    into[index] = ((bytes[at + 2] << 24) >> 8) | (bytes[at + 1] << 8) | bytes[at];
  }
  return 0;
};

/** Counts frames once, whichever of their samples are told. */
class FrameCount {
  frames = 0;
  #last = -1;

  add(index: number, channels: number): void {
    const frame = Math.floor(index / channels);
    if (frame !== this.#last) this.frames += 1;
    this.#last = frame;
  }
}

const readS32: SampleCodec['read'] = (bytes, into, channels) => {
  const inexact = new FrameCount();
  for (let index = 0, at = 0; index < into.length; index += 1, at += 4) {
    const high = ((bytes[at + 3] << 24) >> 8) | (bytes[at + 2] << 8) | bytes[at + 1];
    into[index] = Math.min(MAX_24, high + (bytes[at] >> 7));
    if (bytes[at] !== 0) inexact.add(index, channels);
  }
  return inexact.frames;
};

const readFloat32: SampleCodec['read'] = (bytes, into, channels) => {
  const inexact = new FrameCount();
  // All systems that Node runs on are little-endian.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const floats = new Float32Array(aligned.buffer, aligned.byteOffset, into.length);
  for (let index = 0; index < into.length; index += 1) {
    const value = floats[index] * FULL_24;
    const sample = Math.min(MAX_24, Math.max(-FULL_24, Math.round(value)));
    // What is not a number becomes silence.
    into[index] = sample;
    if (sample !== value) inexact.add(index, channels);
  }
  return inexact.frames;
};

export const sampleCodecs: Readonly<Record<SampleFormat, SampleCodec>> = {
  u8: { bytes: 1, bitsPerSample: 16, read: readU8 },
  s16le: { bytes: 2, bitsPerSample: 16, read: readS16 },
  s16be: { bytes: 2, bitsPerSample: 16, read: readS16BigEndian },
  s24le: { bytes: 3, bitsPerSample: 24, read: readS24 },
  's24-32le': { bytes: 4, bitsPerSample: 24, read: readS24In32 },
  s32le: { bytes: 4, bitsPerSample: 24, read: readS32 },
  float32le: { bytes: 4, bitsPerSample: 24, read: readFloat32 },
};

export const sampleFormats = Object.keys(sampleCodecs) as readonly SampleFormat[];

/** Reads PCM as it is stored. */
export const storedCodec = (bitsPerSample: 16 | 24): SampleCodec =>
  bitsPerSample === 16 ? sampleCodecs.s16le : sampleCodecs.s24le;

/** An array of samples that grows with what is asked of it, and is used again and again. */
export class SampleScratch {
  #samples = new Int32Array(0);

  /** The first `length` samples; whatever an earlier call left in them. */
  take(length: number): Int32Array<ArrayBuffer> {
    if (this.#samples.length < length) this.#samples = new Int32Array(length);
    return this.#samples.subarray(0, length);
  }
}
