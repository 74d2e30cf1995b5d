/**
 * MurmurHash3 (x86, 32 bits; Austin Appleby, public domain): tells a damaged file from a whole one at
 * gigabytes a second, which a byte-wise CRC in JavaScript does not. No protection against intent.
 */
export function checksum(bytes: Uint8Array): number {
  const words = bytes.length >> 2;
  const view = wordsOf(bytes, words);
  let hash = 0;
  for (let i = 0; i < words; i++) {
    hash ^= scramble(view[i]);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= words << 2; i--) tail = (tail << 8) | bytes[i];
  return finalise(hash ^ scramble(tail) ^ bytes.length);
}

function wordsOf(bytes: Uint8Array, words: number): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, words);
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function finalise(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
