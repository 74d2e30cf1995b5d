/** A picture as it is stored in a sound file or beside it. */
export type Picture = { mime: string; bytes: Uint8Array };

/** What a picture's own header says. */
export type PictureFacts = { mime: string; width: number; height: number; bitsPerPixel: number };

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const startsWith = (bytes: Uint8Array, ...sign: number[]) =>
  sign.every((byte, index) => bytes[index] === byte);

/** Kind and size of a PNG, JPEG, GIF or WebP picture by its content; null when it is none of these. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | null {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47) && bytes.length >= 26) return pngFacts(bytes);
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return jpegFacts(bytes);
  if (startsWith(bytes, 0x47, 0x49, 0x46, 0x38) && bytes.length >= 10) {
    const view = viewOf(bytes);
    const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
    return { mime: 'image/gif', width, height, bitsPerPixel: 8 };
  }
  const webp =
    startsWith(bytes, 0x52, 0x49, 0x46, 0x46) && startsWith(bytes.subarray(8), 0x57, 0x45, 0x42, 0x50);
  return webp && bytes.length >= 30 ? webpFacts(bytes) : null;
}

/** Source: PNG specification, third edition, 11.2.1. */
function pngFacts(bytes: Uint8Array): PictureFacts {
  const view = viewOf(bytes);
  const samples = [1, 0, 3, 1, 2, 0, 4][bytes[25]] ?? 0;
  return {
    mime: 'image/png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitsPerPixel: bytes[24] * samples,
  };
}

/** The first frame header behind the tables. Source: ITU-T T.81, B.2.2. */
function jpegFacts(bytes: Uint8Array): PictureFacts | null {
  const view = viewOf(bytes);
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff) return null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { mime: 'image/jpeg', width, height, bitsPerPixel: bytes[at + 4] * bytes[at + 9] };
    }
    // Fill bytes and markers without a length.
    const bare = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += bare ? (marker === 0xff ? 1 : 2) : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Source: WebP container specification: simple lossy, simple lossless and extended layout. */
function webpFacts(bytes: Uint8Array): PictureFacts | null {
  const view = viewOf(bytes);
  const kind = String.fromCharCode(...bytes.subarray(12, 16));
  const facts = (width: number, height: number) => ({ mime: 'image/webp', width, height, bitsPerPixel: 24 });
  if (kind === 'VP8 ') return facts(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (kind === 'VP8L') {
    const packed = view.getUint32(21, true);
    return facts((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1);
  }
  if (kind !== 'VP8X') return null;
  const size = (at: number) => (view.getUint16(at, true) | (bytes[at + 2] << 16)) + 1;
  return facts(size(24), size(27));
}
