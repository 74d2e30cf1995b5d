/** The STREAMINFO block. Source: RFC 9639, section 8.2. */
export type FlacStreamInfo = {
  minBlock: number;
  maxBlock: number;
  /** Bytes of the smallest and largest frame, 0 when not known. */
  minFrameBytes: number;
  maxFrameBytes: number;
  sampleRate: number;
  channels: number;
  bitsPerSample: number;
  /** Samples per channel, 0 when not known. */
  totalSamples: number;
  /** MD5 of the interleaved little-endian samples, 16 bytes. */
  md5: Uint8Array;
};

const STREAM_INFO_BYTES = 34;

/** Null when `block` cannot be a STREAMINFO. */
export function parseStreamInfo(block: Uint8Array): FlacStreamInfo | null {
  if (block.length < STREAM_INFO_BYTES) return null;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const info = {
    minBlock: view.getUint16(0),
    maxBlock: view.getUint16(2),
    minFrameBytes: view.getUint32(3) & 0xffffff,
    maxFrameBytes: view.getUint32(6) & 0xffffff,
    sampleRate: view.getUint32(10) >>> 12,
    channels: ((block[12] >> 1) & 7) + 1,
    bitsPerSample: ((view.getUint16(12) >> 4) & 31) + 1,
    totalSamples: (block[13] & 15) * 2 ** 32 + view.getUint32(14),
    md5: new Uint8Array(block.subarray(18, STREAM_INFO_BYTES)),
  };
  const plausible = info.sampleRate > 0 && info.maxBlock >= 16 && info.minBlock <= info.maxBlock;
  return plausible ? info : null;
}

export function formatStreamInfo(info: FlacStreamInfo): Uint8Array {
  const block = new Uint8Array(STREAM_INFO_BYTES);
  const view = new DataView(block.buffer);
  view.setUint16(0, info.minBlock);
  view.setUint16(2, info.maxBlock);
  setUint24(block, 4, info.minFrameBytes);
  setUint24(block, 7, info.maxFrameBytes);
  const depth = info.bitsPerSample - 1;
  const high = Math.floor(info.totalSamples / 2 ** 32) & 15;
  view.setUint32(10, ((info.sampleRate << 12) | ((info.channels - 1) << 9) | (depth << 4) | high) >>> 0);
  view.setUint32(14, info.totalSamples % 2 ** 32);
  block.set(info.md5, 18);
  return block;
}

function setUint24(block: Uint8Array, at: number, value: number): void {
  block.set([value >> 16, value >> 8, value], at);
}
