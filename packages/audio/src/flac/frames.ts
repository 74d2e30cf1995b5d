import { BIT_SLACK, BitReader } from './bits.ts';
import { crc16 } from './crc.ts';
import { type FlacFrameHeader, MAX_HEADER_BYTES, readFrameHeader } from './frame-header.ts';
import type { FlacStreamInfo } from './stream-info.ts';
import { readSubframe } from './subframe.ts';

/** A decoded frame: integer samples, an array a channel, valid until the next frame is asked for. */
export type FlacFrame = {
  /** Index of the first sample in the stream. */
  position: number;
  channels: Int32Array[];
};

/** What a try to decode a frame gave: its length in bytes, or why not. */
type Outcome = { length: number } | 'incomplete' | 'broken';

/**
 * Decodes the frames found in `chunks`, which begin at a frame. Broken frames are left out: the next
 * one that is whole goes on. `info` must be at most 24 bit.
 */
export async function* readFlacFrames({
  chunks,
  info,
}: {
  chunks: AsyncIterable<Uint8Array>;
  info: FlacStreamInfo;
}): AsyncGenerator<FlacFrame, void> {
  const decoder = new FrameDecoder(info);
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = joined(held, chunk);
    const length = bytes.length - BIT_SLACK;
    const end = yield* decoder.decodeAll(bytes, { length, more: true });
    held = bytes.subarray(end, length);
  }
  yield* decoder.decodeAll(joined(held, new Uint8Array(0)), { length: held.length, more: false });
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length + BIT_SLACK);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

class FrameDecoder {
  readonly #info: FlacStreamInfo;
  readonly #channels: Int32Array[];
  /** No frame is longer: all channels stored plainly. */
  readonly #limit: number;

  constructor(info: FlacStreamInfo) {
    this.#info = info;
    this.#channels = Array.from({ length: info.channels }, () => new Int32Array(info.maxBlock));
    this.#limit = 64 + info.channels * (8 + Math.ceil((info.maxBlock * (info.bitsPerSample + 1)) / 8));
  }

  /** Decodes what is whole in the first `length` bytes; answers where the rest begins. */
  *decodeAll(
    bytes: Uint8Array,
    { length, more }: { length: number; more: boolean },
  ): Generator<FlacFrame, number> {
    let at = 0;
    while (at + (more ? MAX_HEADER_BYTES : 2) < length) {
      const header = readFrameHeader(bytes, at, this.#info);
      const outcome = header ? this.#decode({ bytes, at, length, header }) : 'broken';
      if (outcome === 'incomplete' && more && length - at < this.#limit) return at;
      if (header && typeof outcome === 'object') {
        yield {
          position: header.position,
          channels: this.#channels.map((channel) => channel.subarray(0, header.blockSize)),
        };
        at += outcome.length;
      } else {
        // Behind a frame that is broken every byte may begin the next one.
        const next = bytes.indexOf(0xff, at + 1);
        at = next < 0 || next > length ? length : next;
      }
    }
    return at;
  }

  #decode({
    bytes,
    at,
    length,
    header,
  }: {
    bytes: Uint8Array;
    at: number;
    length: number;
    header: FlacFrameHeader;
  }): Outcome {
    const reader = new BitReader(bytes, { from: at + header.length, length });
    const { blockSize, mode } = header;
    for (let index = 0; index < this.#channels.length; index += 1) {
      const side = mode === 'right-side' ? index === 0 : mode !== 'independent' && index === 1;
      const depth = this.#info.bitsPerSample + (side ? 1 : 0);
      const understood = readSubframe(reader, { out: this.#channels[index], blockSize, depth });
      if (reader.overrun) return 'incomplete';
      if (!understood) return 'broken';
    }
    const end = reader.align();
    if (end + 2 > length) return 'incomplete';
    if (crc16(bytes, at, end) !== ((bytes[end] << 8) | bytes[end + 1])) return 'broken';
    if (mode !== 'independent') this.#join(header);
    return { length: end + 2 - at };
  }

  #join({ mode, blockSize }: FlacFrameHeader): void {
    const [first, second] = this.#channels;
    for (let index = 0; index < blockSize; index += 1) {
      const a = first[index];
      const b = second[index];
      if (mode === 'left-side') second[index] = a - b;
      else if (mode === 'right-side') first[index] = a + b;
      else {
        const doubled = (a << 1) | (b & 1);
        first[index] = (doubled + b) >> 1;
        second[index] = (doubled - b) >> 1;
      }
    }
  }
}
