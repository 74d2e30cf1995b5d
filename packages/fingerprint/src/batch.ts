import { checksum } from './checksum.ts';
import { FingerprintError } from './errors.ts';
import { TrackFingerprint } from './track-fingerprint.ts';

/** A track of the index: the caller's own name for it, and its sound. */
export interface TrackEntry {
  readonly key: string;
  readonly fingerprint: TrackFingerprint;
}

/**
 * Bytes of some tracks, little-endian: magic, checksum of all after it, number of tracks; then for each
 * the length of its key and of its fingerprint (u32), key (UTF-8), fingerprint.
 */
const MAGIC = 0x32544250; // "PBT2"
const HEADER = 12;

export function encodeBatch(entries: readonly TrackEntry[]): Uint8Array {
  const keys = entries.map((entry) => new TextEncoder().encode(entry.key));
  const size = entries.reduce(
    (sum, { fingerprint }, i) => sum + 8 + keys[i].length + fingerprint.bytes.length,
    HEADER,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = HEADER;
  entries.forEach(({ fingerprint }, i) => {
    view.setUint32(at, keys[i].length, true);
    view.setUint32(at + 4, fingerprint.bytes.length, true);
    bytes.set(keys[i], at + 8);
    bytes.set(fingerprint.bytes, at + 8 + keys[i].length);
    at += 8 + keys[i].length + fingerprint.bytes.length;
  });
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, entries.length, true);
  view.setUint32(4, checksum(bytes.subarray(8)), true);
  return bytes;
}

/**
 * The entries are views into `bytes`, not copies.
 * @param checked whether a checksum around these bytes was found right already
 * @throws FingerprintError `batch_damaged`
 */
export function decodeBatch(bytes: Uint8Array, { checked = false } = {}): TrackEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) throw damaged('no batch');
  if (!checked && view.getUint32(4, true) !== checksum(bytes.subarray(8))) throw damaged('checksum differs');
  const entries: TrackEntry[] = [];
  let at = HEADER;
  for (let left = view.getUint32(8, true); left > 0; left--) {
    if (at + 8 > bytes.length) throw damaged('ends early');
    const keyEnd = at + 8 + view.getUint32(at, true);
    const end = keyEnd + view.getUint32(at + 4, true);
    if (end > bytes.length) throw damaged('ends early');
    const key = new TextDecoder().decode(bytes.subarray(at + 8, keyEnd));
    entries.push({ key, fingerprint: new TrackFingerprint(bytes.subarray(keyEnd, end)) });
    at = end;
  }
  if (at !== bytes.length) throw damaged('goes on after its end');
  return entries;
}

function damaged(detail: string): FingerprintError {
  return new FingerprintError('batch_damaged', detail);
}
