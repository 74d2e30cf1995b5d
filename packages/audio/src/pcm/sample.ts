/**
 * How a device delivers samples; the names are PulseAudio's. `s24-32le` is 24 bit in the low bytes of
 * 32.
 */
export type SampleFormat = 'u8' | 's16le' | 's16be' | 's24le' | 's24-32le' | 's32le' | 'float32le';

export const sampleFormats: readonly SampleFormat[] = [
  'u8',
  's16le',
  's16be',
  's24le',
  's24-32le',
  's32le',
  'float32le',
];

/** How one sample is read at a byte offset, and stored. */
export type SampleCodec = {
  /** Bytes in the device's stream. */
  bytes: 1 | 2 | 3 | 4;
  /** Depth it is stored with. */
  bitsPerSample: 16 | 24;
  /** The sample as an integer of the stored depth, the nearest where it has no exact one. */
  read(bytes: Uint8Array, at: number): number;
  /** False where `read` had to round or clip; absent when it never has to. */
  isExact?(bytes: Uint8Array, at: number): boolean;
};

const FULL_24 = 2 ** 23;
const clip24 = (value: number): number => Math.min(FULL_24 - 1, Math.max(-FULL_24, value));

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);
function readFloat(bytes: Uint8Array, at: number): number {
  word[0] = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  // What is not a number is silence.
  return Number.isNaN(float[0]) ? 0 : float[0] * FULL_24;
}

const read16 = (low: number, high: number): number => ((high << 24) >> 16) | low;
const read24 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at + 2] << 24) >> 8) | (bytes[at + 1] << 8) | bytes[at];

export const sampleCodecs: Readonly<Record<SampleFormat, SampleCodec>> = {
  u8: { bytes: 1, bitsPerSample: 16, read: (bytes, at) => (bytes[at] - 128) * 256 },
  s16le: { bytes: 2, bitsPerSample: 16, read: (bytes, at) => read16(bytes[at], bytes[at + 1]) },
  s16be: { bytes: 2, bitsPerSample: 16, read: (bytes, at) => read16(bytes[at + 1], bytes[at]) },
  s24le: { bytes: 3, bitsPerSample: 24, read: read24 },
  's24-32le': { bytes: 4, bitsPerSample: 24, read: read24 },
  s32le: {
    bytes: 4,
    bitsPerSample: 24,
    read: (bytes, at) => clip24(read24(bytes, at + 1) + (bytes[at] >> 7)),
    isExact: (bytes, at) => bytes[at] === 0,
  },
  float32le: {
    bytes: 4,
    bitsPerSample: 24,
    read: (bytes, at) => clip24(Math.round(readFloat(bytes, at))),
    isExact: (bytes, at) => {
      const value = readFloat(bytes, at);
      return Number.isInteger(value) && value === clip24(value);
    },
  },
};
