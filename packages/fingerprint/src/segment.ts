import { decodeBatch, encodeBatch, type TrackEntry } from './batch.ts';
import { checksum } from './checksum.ts';
import { FingerprintError } from './errors.ts';
import { FRAMES_PER_CELL } from './pairs.ts';
import {
  buildPostings,
  DIRECTORY_ENTRIES,
  GAP_UNITS,
  GROUPS,
  layOut,
  POSTING_BYTES,
  type Postings,
} from './postings.ts';

/**
 * Bytes of a segment, little-endian like every machine Node runs on: magic, checksum of all after it,
 * length of the batch, length of the postings, units (u32 each); the directory (groups, relative), the
 * postings, the batch. Nothing is unpacked on opening.
 */
const MAGIC = 0x32475350; // "PSG2"
const HEADER = 20;
const GROUPS_BYTES = 4 * (GROUPS + 1);
const DIRECTORY_BYTES = GROUPS_BYTES + 2 * DIRECTORY_ENTRIES + (DIRECTORY_ENTRIES % 2) * 2;

/** An immutable part of the index: some tracks and the pairs of their peaks. */
export class Segment {
  readonly entries: readonly TrackEntry[];
  readonly postings: Postings;
  readonly #bases: Uint32Array;

  constructor(entries: readonly TrackEntry[], postings: Postings, bases: Uint32Array) {
    this.entries = entries;
    this.postings = postings;
    this.#bases = bases;
  }

  /**
   * The track that a clip starting at `unit` of the segment's line belongs to, and at which of its
   * frames (below 0 where the clip began before the track).
   */
  locate(unit: number): { entry: TrackEntry; frame: number } {
    const bases = this.#bases;
    let low = 0;
    let high = bases.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bases[middle] - GAP_UNITS <= unit) low = middle;
      else high = middle - 1;
    }
    return { entry: this.entries[low], frame: (unit - bases[low]) * FRAMES_PER_CELL };
  }
}

/** A segment in memory, from tracks. */
export function buildSegment(entries: readonly TrackEntry[]): Segment {
  const tracks = entries.map((entry) => entry.fingerprint);
  return new Segment(entries, buildPostings(tracks), layOut(tracks).bases);
}

export function encodeSegment(entries: readonly TrackEntry[]): Uint8Array {
  const { postings } = buildSegment(entries);
  const batch = encodeBatch(entries);
  const postingsAt = HEADER + DIRECTORY_BYTES;
  const bytes = new Uint8Array(postingsAt + postings.bytes.length + batch.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, batch.length, true);
  view.setUint32(12, postings.bytes.length, true);
  view.setUint32(16, postings.units, true);
  new Uint32Array(bytes.buffer, HEADER, postings.groups.length).set(postings.groups);
  new Uint16Array(bytes.buffer, HEADER + GROUPS_BYTES, postings.relative.length).set(postings.relative);
  bytes.set(postings.bytes, postingsAt);
  bytes.set(batch, postingsAt + postings.bytes.length);
  view.setUint32(4, checksum(bytes.subarray(8)), true);
  return bytes;
}

/**
 * @param bytes kept and used in place
 * @throws FingerprintError `segment_damaged` or `batch_damaged`
 */
export function openSegment(bytes: Uint8Array): Segment {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  if (aligned.length < HEADER + DIRECTORY_BYTES || view.getUint32(0, true) !== MAGIC)
    throw damaged('no segment');
  if (view.getUint32(4, true) !== checksum(aligned.subarray(8))) throw damaged('checksum differs');
  const batchLength = view.getUint32(8, true);
  const postingsLength = view.getUint32(12, true);
  const postingsAt = HEADER + DIRECTORY_BYTES;
  if (aligned.length !== postingsAt + postingsLength + batchLength) throw damaged('wrong length');
  const directoryAt = aligned.byteOffset + HEADER;
  const postings: Postings = {
    groups: new Uint32Array(aligned.buffer, directoryAt, GROUPS + 1),
    relative: new Uint16Array(aligned.buffer, directoryAt + GROUPS_BYTES, DIRECTORY_ENTRIES),
    bytes: aligned.subarray(postingsAt, postingsAt + postingsLength),
    units: view.getUint32(16, true),
  };
  if (postings.groups[GROUPS] * POSTING_BYTES !== postingsLength) throw damaged('directory does not fit');
  const entries = decodeBatch(aligned.subarray(postingsAt + postingsLength), { checked: true });
  const { bases, units } = layOut(entries.map((entry) => entry.fingerprint));
  if (units !== postings.units) throw damaged('tracks do not fit the postings');
  return new Segment(entries, postings, bases);
}

function damaged(detail: string): FingerprintError {
  return new FingerprintError('segment_damaged', detail);
}
