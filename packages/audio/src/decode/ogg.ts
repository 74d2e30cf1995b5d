import type { ByteFile } from './bytes.ts';

const PAGE_HEADER_BYTES = 27;
/** Header, 255 lacing values, 255 segments of 255 bytes. */
const MAX_PAGE_BYTES = PAGE_HEADER_BYTES + 255 + 255 * 255;
const POLYNOMIAL = 0x04c11db7;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? POLYNOMIAL : 0);
  return value;
});

/** Checksum of a page with its own field taken as zero. Source: RFC 3533, section 6. */
function pageChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let index = 0; index < page.length; index += 1) {
    const byte = index >= 22 && index < 26 ? 0 : page[index];
    crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte];
  }
  return crc >>> 0;
}

const isPageStart = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;

/** Length of the page at `at`; null when its header is not whole yet. */
function pageLength(bytes: Uint8Array, at: number): number | null {
  const segments = bytes[at + 26];
  const body = at + PAGE_HEADER_BYTES + segments;
  if (at + PAGE_HEADER_BYTES > bytes.length || body > bytes.length) return null;
  let length = PAGE_HEADER_BYTES + segments;
  for (let lacing = at + PAGE_HEADER_BYTES; lacing < body; lacing += 1) length += bytes[lacing];
  return length;
}

/**
 * The pages of one logical stream, each whole and with a right checksum; damaged pages, junk between
 * them and pages of other streams are left out, so that a decoder only meets what was written.
 */
export async function* oggPages({
  chunks,
  serial,
}: {
  chunks: AsyncIterable<Uint8Array>;
  serial: number;
}): AsyncGenerator<Uint8Array, void> {
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    const end = yield* wholePages(held, { serial, more: true });
    held = held.subarray(end);
  }
  yield* wholePages(held, { serial, more: false });
}

/** Gives the pages that are whole; answers where the first one begins that is not, if more may come. */
function* wholePages(
  bytes: Uint8Array,
  { serial, more }: { serial: number; more: boolean },
): Generator<Uint8Array, number> {
  let at = 0;
  while (at + PAGE_HEADER_BYTES <= bytes.length) {
    const length = isPageStart(bytes, at) ? pageLength(bytes, at) : 0;
    const cutOff = length === null || at + length > bytes.length;
    if (cutOff && more) return at;
    const page = cutOff ? null : bytes.subarray(at, at + length);
    const whole = page !== null && page.length > 0 && isSound(page);
    if (whole && serialOf(page) === serial) yield page;
    at += whole ? page.length : 1;
  }
  return at;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const isSound = (page: Uint8Array) => viewOf(page).getUint32(22, true) === pageChecksum(page);

/** Number of the logical stream that a page belongs to. */
export const serialOf = (page: Uint8Array): number => viewOf(page).getUint32(14, true);

/** First packet of a page that begins one, as far as the page holds it. */
export function firstPacket(page: Uint8Array): Uint8Array {
  return page.subarray(PAGE_HEADER_BYTES + (page[26] ?? 0));
}

/** Highest sample position noted in the last pages of the stream; undefined when none is there. */
export async function lastGranule(file: ByteFile, serial: number): Promise<number | undefined> {
  const tail = await file.read({ offset: Math.max(0, file.size - MAX_PAGE_BYTES), length: MAX_PAGE_BYTES });
  for (let at = tail.length - PAGE_HEADER_BYTES; at >= 0; at -= 1) {
    if (!isPageStart(tail, at) || serialOf(tail.subarray(at)) !== serial) continue;
    const granule = viewOf(tail).getBigInt64(at + 6, true);
    if (granule > 0n) return Number(granule);
  }
  return undefined;
}
