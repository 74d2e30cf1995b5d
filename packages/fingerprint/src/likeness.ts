import { Matcher } from './match.ts';
import { buildSegment } from './segment.ts';
import type { TrackFingerprint } from './track-fingerprint.ts';

/** How much of one sound is found in another. */
export interface Likeness {
  /** Seconds of `heard` that lie in `other` in one line, of those that were asked about. */
  readonly seconds: number;
  readonly asked: number;
  /** Where in `other` the beginning of `heard` lies, in seconds; may be below 0. */
  readonly offsetSeconds: number;
  /** How much faster `heard` was played than `other`. */
  readonly speed: number;
}

/** Long enough to be sure of, short enough that two sounds sharing half a minute are seen to. */
const WINDOW_SECONDS = 10;
/** Windows of one sound lie on one line when their offsets agree to so many seconds. */
const SAME_LINE_SECONDS = 1;

interface Placed {
  readonly offset: number;
  readonly speed: number;
  readonly seconds: number;
}

/**
 * Compares two sounds, window by window: the same recording heard twice, each time from where the needle
 * came down, gives one line on which most windows lie. Null when nothing of one is found in the other.
 */
export function compareSounds(heard: TrackFingerprint, other: TrackFingerprint): Likeness | null {
  const segments = [buildSegment([{ key: '', fingerprint: other }])];
  const matcher = new Matcher();
  const placed: Placed[] = [];
  const windows = Math.max(1, Math.floor(heard.seconds / WINDOW_SECONDS));
  const length = heard.seconds / windows;
  for (let w = 0; w < windows; w++) {
    const from = w * length;
    const match = matcher.query(segments, heard.excerpt(from, from + length));
    if (match === null) continue;
    const { offsetSeconds, speed } = match;
    placed.push({ offset: offsetSeconds - from * speed, speed, seconds: length });
  }
  const line = longestLine(placed);
  if (line.length === 0) return null;
  const middle = line[line.length >> 1];
  const seconds = line.reduce((sum, one) => sum + one.seconds, 0);
  return { seconds, asked: heard.seconds, offsetSeconds: middle.offset, speed: middle.speed };
}

/** The windows around the one whose offset most others agree with, in order of offset. */
function longestLine(placed: readonly Placed[]): Placed[] {
  const lines = placed.map(({ offset }) =>
    placed.filter((other) => Math.abs(other.offset - offset) <= SAME_LINE_SECONDS),
  );
  const longest = lines.reduce<Placed[]>((best, line) => (line.length > best.length ? line : best), []);
  return longest.sort((a, b) => a.offset - b.offset);
}
