import { Aligner, type Alignment } from './align.ts';
import { extractLandmarks } from './extract.ts';
import { FINGERPRINT_SAMPLE_RATE, FRAME, framesToSeconds } from './geometry.ts';
import type { Peaks } from './peaks.ts';
import type { Segment } from './segment.ts';
import { type Candidate, Voting } from './vote.ts';

/** A place of a track that a clip was laid over. */
export interface RankedCandidate {
  readonly trackKey: string;
  /** Position in the track, in seconds, at which the clip begins. */
  readonly offsetSeconds: number;
  /** 1.018 is 1.8 % faster than the track as it was indexed. */
  readonly speed: number;
  /** Peaks of the track that the clip has in the right place. */
  readonly score: number;
  /** -log10 of the expected number of places in the whole index that would fit as well by chance. */
  readonly significance: number;
}

export interface Match extends RankedCandidate {
  /** Other tracks that fit too, best first: the same recording on another album, above all. */
  readonly alternatives: readonly RankedCandidate[];
}

export interface QueryOptions {
  /** Least significance of a match; the default is `defaultThreshold` of the clip's length. */
  readonly threshold?: number;
  /** How many candidates of the vote are laid over the clip peak by peak. */
  readonly candidates?: number;
  /** Tracks that were removed since their segment was written: they are never answered. */
  readonly isLive?: (segment: Segment, trackKey: string) => boolean;
}

/**
 * Least significance of a match for a clip of so many seconds. Peaks of music are not independent as the
 * binomial tail takes them to be: held notes and a common beat match in company, so what chance reaches
 * grows with the clip. 0.6 decades a second keep it below; found on the development set, then frozen
 * (docs/recognition.md).
 */
export function defaultThreshold(seconds: number): number {
  return Math.max(2, 0.3 + 0.6 * seconds);
}

/**
 * What is asked about, 2 to 60 s of it: mono samples at FINGERPRINT_SAMPLE_RATE at any level, or the peaks of
 * sound heard before (`TrackFingerprint.excerpt`).
 */
export type Clip = Float32Array | Peaks;

const CANDIDATES = 60;
/** A guess by the vote is known to about so many frames; the search within gives as many trials. */
const TRIALS_PER_UNIT = 3;

/** Answers queries; holds buffers as large as the largest segment needs, so keep one and reuse it. */
export class Matcher {
  readonly #voting = new Voting();

  /** The best match, or null when nothing fits better than chance may have it. */
  query(segments: readonly Segment[], clip: Clip, options: QueryOptions = {}): Match | null {
    const [best, ...alternatives] = this.rank(segments, clip, options);
    const threshold = options.threshold ?? defaultThreshold(secondsOf(clip));
    if (best === undefined || best.significance < threshold) return null;
    return { ...best, alternatives: alternatives.filter((other) => other.significance >= threshold) };
  }

  /** The best place of each track that got votes, most significant first, whether believable or not. */
  rank(segments: readonly Segment[], clip: Clip, options: QueryOptions = {}): RankedCandidate[] {
    const peaks = peaksOf(clip);
    const isLive = options.isLive ?? (() => true);
    const aligner = new Aligner(peaks);
    const trials = segments.reduce((sum, segment) => sum + segment.postings.units, 1) * TRIALS_PER_UNIT;
    const best = new Map<string, RankedCandidate>();
    for (const candidate of this.#voting.candidates(segments, peaks, options.candidates ?? CANDIDATES)) {
      const { entry, frame } = candidate.segment.locate(candidate.unit);
      if (!isLive(candidate.segment, entry.key)) continue;
      const alignment = aligner.align(entry.fingerprint, guessOf(candidate, frame));
      if (alignment === null) continue;
      const ranked = toRanked(entry.key, alignment, Math.log10(trials));
      const known = best.get(entry.key);
      if (known === undefined || known.significance < ranked.significance) best.set(entry.key, ranked);
    }
    return [...best.values()].sort((a, b) => b.significance - a.significance);
  }
}

function peaksOf(clip: Clip): Peaks {
  return clip instanceof Float32Array ? extractLandmarks(clip, 'query') : clip;
}

function secondsOf(clip: Clip): number {
  return clip instanceof Float32Array
    ? clip.length / FINGERPRINT_SAMPLE_RATE
    : framesToSeconds(clip.frames) + FRAME / FINGERPRINT_SAMPLE_RATE;
}

function guessOf(
  { pivot, speed }: Candidate,
  frame: number,
): { frame: number; pivot: number; speed: number } {
  return { frame: frame + pivot * speed, pivot, speed };
}

function toRanked(trackKey: string, alignment: Alignment, logTrials: number): RankedCandidate {
  return {
    trackKey,
    offsetSeconds: framesToSeconds(alignment.offset),
    speed: alignment.speed,
    score: alignment.matched,
    significance: alignment.significance - logTrials,
  };
}
