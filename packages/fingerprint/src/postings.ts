import { FingerprintError } from './errors.ts';
import { BUCKETS, FRAMES_PER_CELL, indexBucket, visitPairs } from './pairs.ts';
import type { TrackFingerprint } from './track-fingerprint.ts';

/** Pairs an anchor of the index has; the query has more, as it cannot know which survived. */
const INDEX_FAN = 4;
/** Buckets share one absolute position and keep 16-bit distances from it. */
const GROUP = 32;
export const GROUPS = Math.ceil(BUCKETS / GROUP);
export const DIRECTORY_ENTRIES = GROUPS * GROUP + 1;
/** What is filed more often than this tells nothing (a stop word); also keeps GROUP x this below 2^16. */
const FULL = 2000;
export const POSTING_BYTES = 3;
const MOST_UNITS = 1 << 24;
/** Between tracks, so that a clip that overhangs one's beginning is not taken for the one before. */
export const GAP_UNITS = 300;

/**
 * An inverted index in compressed-sparse-row form, usable straight from the bytes of a file: the
 * postings of bucket b lie in `bytes` from `groups[b >> 5] + relative[b]` on. A posting is the time of
 * the anchor on the segment's own line, in units of two frames, as three bytes.
 */
export interface Postings {
  readonly groups: Uint32Array;
  readonly relative: Uint16Array;
  readonly bytes: Uint8Array;
  readonly units: number;
}

/** The position of bucket `b` in postings; its end is the position of `b + 1`. */
export function bucketStart(postings: Postings, b: number): number {
  return postings.groups[b >> 5] + postings.relative[b];
}

/** Where each track begins on the line of a segment that holds them in this order, and its end. */
export function layOut(tracks: readonly TrackFingerprint[]): { bases: Uint32Array; units: number } {
  const bases = new Uint32Array(tracks.length);
  let units = GAP_UNITS;
  for (let i = 0; i < tracks.length; i++) {
    bases[i] = units;
    units += Math.ceil(tracks[i].frames / FRAMES_PER_CELL) + GAP_UNITS;
  }
  if (units >= MOST_UNITS) throw new FingerprintError('segment_too_long', `${units} units`);
  return { bases, units };
}

/** Two passes (count, then place), so that nothing but the result is held. */
export function buildPostings(tracks: readonly TrackFingerprint[]): Postings {
  const { bases, units } = layOut(tracks);
  const sizes = new Uint16Array(BUCKETS);
  forEachPosting(tracks, bases, (bucket) => {
    if (sizes[bucket] < FULL) sizes[bucket]++;
  });
  const groups = new Uint32Array(GROUPS + 1);
  const relative = new Uint16Array(DIRECTORY_ENTRIES);
  let position = 0;
  for (let b = 0; b < DIRECTORY_ENTRIES; b++) {
    if (b % GROUP === 0) groups[b / GROUP] = position;
    relative[b] = position - groups[Math.floor(b / GROUP)];
    if (b < BUCKETS) position += sizes[b];
  }
  const bytes = new Uint8Array(position * POSTING_BYTES);
  const placed = new Uint16Array(BUCKETS);
  forEachPosting(tracks, bases, (bucket, unit) => {
    if (placed[bucket] === sizes[bucket]) return;
    const at = (groups[bucket >> 5] + relative[bucket] + placed[bucket]++) * POSTING_BYTES;
    bytes[at] = unit;
    bytes[at + 1] = unit >> 8;
    bytes[at + 2] = unit >> 16;
  });
  return { groups, relative, bytes, units };
}

function forEachPosting(
  tracks: readonly TrackFingerprint[],
  bases: Uint32Array,
  visit: (bucket: number, unit: number) => void,
): void {
  const everything = {
    fan: INDEX_FAN,
    speed: 1,
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
  };
  for (let i = 0; i < tracks.length; i++) {
    visitPairs(tracks[i].peaks(), everything, (_anchor, frame, step, difference, delay) => {
      visit(indexBucket(step, difference, delay), bases[i] + Math.round(frame / FRAMES_PER_CELL));
    });
  }
}
