import type { SampleFormat } from './input.ts';

/** Some frames in a row, as `capture-helper/src/block.rs` sends them. */
export type HelperBlock = {
  format: SampleFormat;
  channels: number;
  rate: number;
  /** Number of its first frame since the stream began; frames that were dropped are counted. */
  firstFrame: number;
  frames: number;
  /** Milliseconds of the helper's own clock, which never goes back. */
  helperMs: number;
  /** Whole frames. */
  bytes: Uint8Array;
};

const headerBytes = 32;
const magic = 'PIDC';
const version = 1;
/** More than a second of anything a sound card delivers; what claims to be larger is not a block. */
const mostBytes = 16_000_000;

const formats: Readonly<Record<number, { name: SampleFormat; bytes: number } | undefined>> = {
  1: { name: 's16', bytes: 2 },
  2: { name: 's24-32', bytes: 4 },
  3: { name: 's32', bytes: 4 },
  4: { name: 'f32', bytes: 4 },
};

/**
 * Puts blocks together from the pieces a pipe delivers; `receiver` gets each once it is whole, and may keep its
 * bytes. The returned function throws when the bytes are no blocks.
 */
export function createBlockReader(receiver: (block: HelperBlock) => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    let bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      const length = bytes.length < headerBytes ? Number.POSITIVE_INFINITY : blockLength(bytes);
      if (bytes.length < length) break;
      receiver(blockOf(bytes, length));
      bytes = bytes.subarray(length);
    }
    rest = bytes;
  };
}

function blockLength(bytes: Buffer): number {
  const format = formats[bytes[6]];
  if (
    bytes.toString('latin1', 0, 4) !== magic ||
    bytes.readUInt16LE(4) !== version ||
    !format ||
    bytes[7] === 0
  )
    throw new Error('The capture helper sent something that is not a block.');
  const length = bytes.readUInt32LE(12) * bytes[7] * format.bytes;
  if (length > mostBytes) throw new Error(`The capture helper announced a block of ${length} bytes.`);
  return headerBytes + length;
}

function blockOf(bytes: Buffer, length: number): HelperBlock {
  return {
    format: formats[bytes[6]]?.name ?? 's16',
    channels: bytes[7],
    rate: bytes.readUInt32LE(8),
    frames: bytes.readUInt32LE(12),
    firstFrame: Number(bytes.readBigUInt64LE(16)),
    helperMs: Number(bytes.readBigUInt64LE(24)) / 1e6,
    bytes: bytes.subarray(headerBytes, length),
  };
}
