import { FRAMES_PER_SECOND } from './geometry.ts';
import { FRAMES_PER_CELL, probeBuckets, visitPairs } from './pairs.ts';
import type { Peaks } from './peaks.ts';
import { bucketStart, POSTING_BYTES } from './postings.ts';
import type { Segment } from './segment.ts';

/** A place of the index where several pairs of a window of the clip are found in the right order. */
export interface Candidate {
  readonly segment: Segment;
  /** Where on the segment's line the clip (not the window) would begin. */
  readonly unit: number;
  readonly speed: number;
  /** The window's middle in frames of the clip: around here `unit` and `speed` are surest. */
  readonly pivot: number;
  readonly votes: number;
}

/** Pairs an anchor of the query has. */
const QUERY_FAN = 10;
/**
 * Speeds tried. A pair still falls into its cells (or the ones probed beside) at 1.1 % off, so three
 * cover -3.3 to +3.3 %; the exact speed comes out of the alignment later.
 */
const SPEEDS = [1, 1.022, 0.978];
/** A window is short enough that 1.1 % of speed error moves its ends by no more than a vote's bin. */
const WINDOW = 5 * FRAMES_PER_SECOND;
const UNITS_PER_BIN = 2;
const BIN_BITS = 1;
/** Bins before a segment's beginning, for clips that began before their record. */
const LEAD = 2048;
const FEWEST_VOTES = 4;
/**
 * Chance gives a place 10 votes on 100 hours of music. With this many there is no doubt about the speed, nor
 * need to try the others, which is most of the time a query of a clear clip takes.
 */
const SURE_VOTES = 30;
const SHORTLIST_SLACK = 8;
const COUNT_BITS = 10;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
const ANCHOR_MARKS = 63;

/** The best candidates so far. Chance gives a large index millions of places with a few votes; they are never listed. */
class Shortlist {
  /** Fewer votes than this cannot get onto the list. */
  fewestVotes = FEWEST_VOTES;
  readonly #most: number;
  readonly #found: Candidate[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(candidate: Candidate): void {
    this.#found.push(candidate);
    if (this.#found.length > SHORTLIST_SLACK * this.#most) this.best();
  }

  /** Best first; of those alike, those found first. */
  best(): Candidate[] {
    this.#found.sort((a, b) => b.votes - a.votes);
    if (this.#found.length < this.#most) return this.#found;
    this.#found.length = this.#most;
    this.fewestVotes = this.#found[this.#most - 1].votes + 1;
    return this.#found;
  }
}

/**
 * Finds candidates by a vote on the offset between clip and record (Wang 2003, section 2.3): each pair
 * of the clip that is filed in the index votes for the offset it implies; right ones agree.
 */
export class Voting {
  #bins = new Uint16Array(0);
  #bucket = new Int32Array(1 << 14);
  #unit = new Int32Array(1 << 14);
  #mark = new Uint8Array(1 << 14);
  #probes = 0;
  readonly #reached: number[] = [];

  /** @returns the `most` best candidates, best first */
  candidates(segments: readonly Segment[], peaks: Peaks, most: number): Candidate[] {
    const shortlist = new Shortlist(most);
    const windows = Math.max(1, Math.round(peaks.frames / WINDOW));
    const length = peaks.frames / windows;
    for (let w = 0; w < windows; w++) {
      for (const speed of SPEEDS) {
        this.#collectProbes(peaks, speed, w * length, (w + 1) * length);
        let mostVotes = 0;
        for (const segment of segments) {
          const votes = this.#vote(segment, { speed, pivot: (w + 0.5) * length }, shortlist);
          mostVotes = Math.max(mostVotes, votes);
        }
        if (mostVotes >= SURE_VOTES) break;
      }
    }
    return shortlist.best();
  }

  #collectProbes(peaks: Peaks, speed: number, from: number, to: number): void {
    this.#probes = 0;
    visitPairs(peaks, { fan: QUERY_FAN, speed, from, to }, (anchor, frame, step, difference, delay) => {
      const { buckets, count } = probeBuckets(step, difference, delay);
      if (this.#probes + count > this.#bucket.length) this.#grow();
      const unit = Math.round(frame / FRAMES_PER_CELL);
      for (let i = 0; i < count; i++) {
        this.#bucket[this.#probes] = buckets[i];
        this.#unit[this.#probes] = unit;
        this.#mark[this.#probes++] = 1 + (anchor % ANCHOR_MARKS);
      }
    });
  }

  /** @returns the most votes that a place of the segment has */
  #vote(segment: Segment, { speed, pivot }: { speed: number; pivot: number }, shortlist: Shortlist): number {
    let mostVotes = 0;
    const bins = this.#clearBins(segment.postings.units);
    const reached = this.#reached;
    reached.length = 0;
    this.#count(segment, bins);
    for (const bin of reached) {
      const here = bins[bin] & COUNT_MASK;
      const left = bins[bin - 1] & COUNT_MASK;
      const right = bins[bin + 1] & COUNT_MASK;
      const votes = here + Math.max(left, right);
      if (here < left || here <= right) continue;
      mostVotes = Math.max(mostVotes, votes);
      if (votes < shortlist.fewestVotes) continue;
      const centre = left > right ? bin : right > left ? bin + 1 : bin + 0.5;
      shortlist.add({ segment, unit: (centre - LEAD) * UNITS_PER_BIN, speed, pivot, votes });
    }
    return mostVotes;
  }

  /**
   * A bin holds its count and the mark of the anchor that voted last, so that the several buckets
   * probed for one pair, and the several pairs of one anchor, give one vote.
   */
  #count(segment: Segment, bins: Uint16Array): void {
    const { postings } = segment;
    const bytes = postings.bytes;
    for (let p = 0; p < this.#probes; p++) {
      const bucket = this.#bucket[p];
      const mark = this.#mark[p];
      const shift = LEAD * UNITS_PER_BIN - this.#unit[p];
      const end = bucketStart(postings, bucket + 1) * POSTING_BYTES;
      for (let at = bucketStart(postings, bucket) * POSTING_BYTES; at < end; at += POSTING_BYTES) {
        const unit = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
        const bin = (unit + shift) >> BIN_BITS;
        const held = bins[bin];
        if (held >> COUNT_BITS === mark) continue;
        const votes = (held & COUNT_MASK) + 1;
        bins[bin] = (mark << COUNT_BITS) | votes;
        if (votes === FEWEST_VOTES - 1) this.#reached.push(bin);
      }
    }
  }

  #clearBins(units: number): Uint16Array {
    const size = (units >> BIN_BITS) + 2 * LEAD;
    if (this.#bins.length < size) this.#bins = new Uint16Array(size);
    return this.#bins.fill(0, 0, size);
  }

  #grow(): void {
    const larger = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const size = 2 * this.#bucket.length;
    this.#bucket = larger(this.#bucket, new Int32Array(size));
    this.#unit = larger(this.#unit, new Int32Array(size));
    this.#mark = larger(this.#mark, new Uint8Array(size));
  }
}
