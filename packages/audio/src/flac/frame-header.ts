import { crc8 } from './crc.ts';
import type { FlacStreamInfo } from './stream-info.ts';

/** How the two channels of a frame were made one from the other. */
export type ChannelMode = 'independent' | 'left-side' | 'right-side' | 'mid-side';

export type FlacFrameHeader = {
  /** Index of the frame's first sample in the stream. */
  position: number;
  blockSize: number;
  mode: ChannelMode;
  /** Bytes of the header with its checksum. */
  length: number;
};

export const MAX_HEADER_BYTES = 16;

const RATES = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const DEPTHS = [0, 8, 12, 0, 16, 20, 24, 32];
const MODES: ChannelMode[] = ['left-side', 'right-side', 'mid-side'];

/** The number coded like UTF-8 at `at`, up to 36 bits, with its length; null when it is not one. */
function readCodedNumber(bytes: Uint8Array, at: number): { value: number; length: number } | null {
  const first = bytes[at];
  const length = first < 0x80 ? 1 : Math.clz32(~(first << 24));
  if (length > 7 || (first >= 0x80 && length < 2)) return null;
  let value = length === 1 ? first : first & (0x7f >> length);
  for (let index = 1; index < length; index += 1) {
    if ((bytes[at + index] & 0xc0) !== 0x80) return null;
    value = value * 64 + (bytes[at + index] & 0x3f);
  }
  return { value, length };
}

function readBlockSize(bytes: Uint8Array, at: number, code: number): { value: number; length: number } {
  if (code === 6) return { value: bytes[at] + 1, length: 1 };
  if (code === 7) return { value: ((bytes[at] << 8) | bytes[at + 1]) + 1, length: 2 };
  if (code === 1) return { value: 192, length: 0 };
  return { value: code < 6 ? 576 << (code - 2) : 256 << (code - 8), length: 0 };
}

function readRate(bytes: Uint8Array, at: number, code: number): { value: number; length: number } {
  if (code === 12) return { value: bytes[at] * 1000, length: 1 };
  const long = (bytes[at] << 8) | bytes[at + 1];
  if (code === 13) return { value: long, length: 2 };
  if (code === 14) return { value: long * 10, length: 2 };
  return { value: RATES[code], length: 0 };
}

/**
 * The frame header at `at`; null when there is none, or one of another stream than `info` describes.
 * `MAX_HEADER_BYTES` from `at` on must be readable. Source: RFC 9639, section 9.1.
 */
export function readFrameHeader(bytes: Uint8Array, at: number, info: FlacStreamInfo): FlacFrameHeader | null {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8) return null;
  const sizeCode = bytes[at + 2] >> 4;
  const rateCode = bytes[at + 2] & 15;
  const assignment = bytes[at + 3] >> 4;
  const depth = DEPTHS[(bytes[at + 3] >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || assignment > 10 || bytes[at + 3] & 1) return null;
  if ((assignment < 8 ? assignment + 1 : 2) !== info.channels) return null;
  if (depth !== 0 && depth !== info.bitsPerSample) return null;

  const number = readCodedNumber(bytes, at + 4);
  if (!number) return null;
  const size = readBlockSize(bytes, at + 4 + number.length, sizeCode);
  const rate = readRate(bytes, at + 4 + number.length + size.length, rateCode);
  if (rate.value !== 0 && rate.value !== info.sampleRate) return null;
  if (size.value > info.maxBlock) return null;
  const end = at + 4 + number.length + size.length + rate.length;
  if (crc8(bytes, at, end) !== bytes[end]) return null;
  const countsSamples = (bytes[at + 1] & 1) === 1;
  return {
    position: countsSamples ? number.value : number.value * info.minBlock,
    blockSize: size.value,
    mode: assignment < 8 ? 'independent' : MODES[assignment - 8],
    length: end + 1 - at,
  };
}
