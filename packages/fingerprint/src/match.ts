import { Aligner } from './align.ts';
import { type Correlation, Correlator } from './correlate.ts';
import { type Evidence, evidenceOfPeaks } from './evidence.ts';
import { extractClip } from './extract.ts';
import { framesToSeconds, HOP, secondsToFrames } from './geometry.ts';
import { FRAMES_PER_CELL } from './pairs.ts';
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

/** A track that is to begin about now: found among few places, it needs less to be believed than one of a whole index. */
export interface ExpectedTrack {
  readonly trackKey: string;
  /** The clip begins at most so far into it; it may begin before it. */
  readonly withinSeconds: number;
}

export interface QueryOptions {
  /** Least significance of a match; `LEAST_SIGNIFICANCE` unless told otherwise. */
  readonly threshold?: number;
  /** Answered where nothing else is; its significance is then that among its own places. */
  readonly expected?: ExpectedTrack | undefined;
  /** How many candidates of the vote are laid over the clip peak by peak. */
  readonly candidates?: number;
  /** Tracks that were removed since their segment was written: they are never answered. */
  readonly isLive?: (segment: Segment, trackKey: string) => boolean;
}

/**
 * What is asked about, 2 to 60 s of it: mono samples at FINGERPRINT_SAMPLE_RATE at any level, or the peaks of
 * sound heard before (`TrackFingerprint.excerpt`).
 */
export type Clip = Float32Array | Peaks;

/**
 * Least significance of a match. Chosen on the development and validation sets, then frozen (docs/recognition.md).
 * Peaks alone tell less, and chance more often likes them.
 */
export const LEAST_SIGNIFICANCE = { sound: 1, peaks: 3 };

const CANDIDATES = 120;
/** A guess by the vote is known to about so many frames; the search within gives as many trials. */
const TRIALS_PER_UNIT = 3;
/** Two places with so much of each other's significance may be the same passage, heard twice. */
const SAME_SHARE = 0.5;

/** Answers queries; holds buffers as large as the largest segment needs, so keep one and reuse it. */
export class Matcher {
  readonly #voting = new Voting();

  /** The best match, or null when nothing fits better than chance may have it. */
  query(segments: readonly Segment[], clip: Clip, options: QueryOptions = {}): Match | null {
    const ranked = this.rank(segments, clip, options);
    const threshold =
      options.threshold ?? LEAST_SIGNIFICANCE[clip instanceof Float32Array ? 'sound' : 'peaks'];
    const [best, ...alternatives] = ranked.filter(({ significance }) => significance >= threshold);
    if (best !== undefined) return { ...best, alternatives };
    const next =
      options.expected &&
      amongItsPlaces(ranked, options.expected, { allTrials: trialsOf(segments), clipFrames: framesOf(clip) });
    return next && next.significance >= threshold ? { ...next, alternatives: [] } : null;
  }

  /** The best place of each track that got votes, most significant first, whether believable or not. */
  rank(segments: readonly Segment[], clip: Clip, options: QueryOptions = {}): RankedCandidate[] {
    const { peaks, evidence } = clip instanceof Float32Array ? extractClip(clip) : heardPeaks(clip);
    const isLive = options.isLive ?? (() => true);
    const aligner = new Aligner(peaks);
    const correlator = new Correlator(evidence);
    const trials = trialsOf(segments);
    const best = new Map<string, Placed>();
    for (const candidate of this.#voting.candidates(segments, peaks, options.candidates ?? CANDIDATES)) {
      const { entry, frame } = candidate.segment.locate(candidate.unit);
      if (!isLive(candidate.segment, entry.key)) continue;
      const alignment = aligner.align(entry.fingerprint, guessOf(candidate, frame));
      if (alignment === null) continue;
      const correlation = correlator.correlate(entry.fingerprint, alignment);
      const ranked = toRanked(entry.key, { ...correlation, matched: alignment.matched }, Math.log10(trials));
      const placed = { ranked, evidence: correlation.evidence };
      best.set(entry.key, likelierPlace(best.get(entry.key), placed));
    }
    return [...best.values()].map(({ ranked }) => ranked).sort((a, b) => b.significance - a.significance);
  }
}

const framesOf = (clip: Clip): number => (clip instanceof Float32Array ? clip.length / HOP : clip.frames);

const trialsOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + segment.postings.units, 1) * TRIALS_PER_UNIT;

/** The expected track, if the clip lies at its beginning: its significance counts the places there alone as trials. */
function amongItsPlaces(
  ranked: readonly RankedCandidate[],
  { trackKey, withinSeconds }: ExpectedTrack,
  { allTrials, clipFrames }: { allTrials: number; clipFrames: number },
): RankedCandidate | null {
  const found = ranked.find((candidate) => candidate.trackKey === trackKey);
  if (found === undefined || found.offsetSeconds > withinSeconds) return null;
  const places = (clipFrames + secondsToFrames(withinSeconds)) / FRAMES_PER_CELL;
  const trials = Math.min(allTrials, places * TRIALS_PER_UNIT);
  return { ...found, significance: found.significance + Math.log10(allTrials / trials) };
}

function heardPeaks(peaks: Peaks): { peaks: Peaks; evidence: Evidence } {
  return { peaks, evidence: evidenceOfPeaks(peaks) };
}

function guessOf(
  { pivot, speed }: Candidate,
  frame: number,
): { frame: number; pivot: number; speed: number } {
  return { frame: frame + pivot * speed, pivot, speed };
}

function toRanked(
  trackKey: string,
  { offset, speed, prominence, matched }: Correlation & { matched: number },
  logTrials: number,
): RankedCandidate {
  return {
    trackKey,
    offsetSeconds: framesToSeconds(offset),
    speed,
    score: matched,
    significance: decadesOf(prominence) - logTrials,
  };
}

interface Placed {
  readonly ranked: RankedCandidate;
  readonly evidence: number;
}

/**
 * Which of two places of one track is meant. Where a passage comes again, with another voice above it, both are
 * significant; the peaks that they have in common say nothing, and the others decide by their likelihood.
 */
function likelierPlace(known: Placed | undefined, other: Placed): Placed {
  if (known === undefined) return other;
  const [more, less] =
    known.ranked.significance > other.ranked.significance ? [known, other] : [other, known];
  const alike = less.ranked.significance > SAME_SHARE * more.ranked.significance;
  return alike && less.evidence > more.evidence ? less : more;
}

/** -log10 of the chance that a normal deviate reaches `prominence`, by Chernoff's bound, which errs on the side of doubt. */
function decadesOf(prominence: number): number {
  return prominence <= 0 ? 0 : (prominence ** 2 / 2 + Math.LN2) / Math.LN10;
}
