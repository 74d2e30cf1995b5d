/** One MPEG audio frame header. Source: ISO/IEC 11172-3 2.4.1.3, 13818-3; LAME's Xing/Info tag. */
export type Mp3Header = {
  /** Bytes of the whole frame. */
  length: number;
  /** Samples per channel. */
  samples: number;
  sampleRate: number;
  channels: number;
  /** Version, layer and rate, equal in all frames of one stream. */
  kind: number;
};

export const MP3_HEADER_BYTES = 4;
/** Longest frame that the tables below allow: layer II of MPEG 2.5 at 160 kbit/s and 8 kHz, padded. */
export const MP3_MAX_FRAME = 2881;

const RATES = [44_100, 48_000, 32_000];
const V1_LAYER1 = [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
const V1_LAYER2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const V1_LAYER3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const V2_LAYER1 = [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const V2_LAYER23 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

function bitrates({ version1, layer }: { version1: boolean; layer: number }): number[] {
  if (layer === 1) return version1 ? V1_LAYER1 : V2_LAYER1;
  if (layer === 2) return version1 ? V1_LAYER2 : V2_LAYER23;
  return version1 ? V1_LAYER3 : V2_LAYER23;
}

/** Reads the header at `offset`; null where there is none (free-format frames are not supported). */
export function readMp3Header(bytes: Uint8Array, offset: number): Mp3Header | null {
  if (offset + MP3_HEADER_BYTES > bytes.length) return null;
  if (bytes[offset] !== 0xff || (bytes[offset + 1] & 0xe0) !== 0xe0) return null;
  const versionBits = (bytes[offset + 1] >> 3) & 3;
  const layer = 4 - ((bytes[offset + 1] >> 1) & 3);
  const bitrateIndex = bytes[offset + 2] >> 4;
  const rateIndex = (bytes[offset + 2] >> 2) & 3;
  if (versionBits === 1 || layer === 4 || rateIndex === 3) return null;
  if (bitrateIndex === 0 || bitrateIndex === 15) return null;

  const version1 = versionBits === 3;
  const sampleRate = RATES[rateIndex] / (version1 ? 1 : versionBits === 2 ? 2 : 4);
  const bitrate = bitrates({ version1, layer })[bitrateIndex - 1] * 1000;
  const padding = (bytes[offset + 2] >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && !version1 ? 576 : 1152;
  const slot = layer === 1 ? 4 : 1;
  return {
    length: (Math.floor((samples / 8 / slot) * (bitrate / sampleRate)) + padding) * slot,
    samples,
    sampleRate,
    channels: bytes[offset + 3] >> 6 === 3 ? 1 : 2,
    kind: ((bytes[offset + 1] & 0x1e) << 8) | (bytes[offset + 2] & 0x0c),
  };
}

/**
 * Offset of the first frame at or after `from` that a second frame of the same kind follows; -1 when
 * `bytes` hold none. `last` takes a frame that ends exactly where the bytes end, too.
 */
export function findMp3Frame(
  bytes: Uint8Array,
  { from = 0, kind, last = false }: { from?: number; kind?: number; last?: boolean } = {},
): number {
  for (let offset = from; offset + MP3_HEADER_BYTES <= bytes.length; offset += 1) {
    const header = readMp3Header(bytes, offset);
    if (!header || (kind !== undefined && header.kind !== kind)) continue;
    const end = offset + header.length;
    const following = readMp3Header(bytes, end);
    if (following?.kind === header.kind || (last && end === bytes.length)) return offset;
  }
  return -1;
}

/**
 * Samples per channel that the Xing/Info frame at the start of `frame` promises, without encoder delay
 * and padding where LAME noted them; null when this is a frame of sound.
 */
export function readXing(frame: Uint8Array, header: Mp3Header): { samples: number | null } | null {
  const version1 = header.samples === 1152;
  const side = version1 ? (header.channels === 1 ? 17 : 32) : header.channels === 1 ? 9 : 17;
  const at = MP3_HEADER_BYTES + side;
  const name = String.fromCharCode(...frame.subarray(at, at + 4));
  if (name !== 'Xing' && name !== 'Info') return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const flags = frame.length >= at + 8 ? view.getUint32(at + 4) : 0;
  if ((flags & 1) === 0 || frame.length < at + 12) return { samples: null };
  const total = view.getUint32(at + 8) * header.samples;
  const lame =
    at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  if (frame.length < lame + 24 || frame[lame] === 0) return { samples: total };
  const trims = (frame[lame + 21] << 16) | (frame[lame + 22] << 8) | frame[lame + 23];
  return { samples: Math.max(0, total - (trims >> 12) - (trims & 0xfff)) };
}
