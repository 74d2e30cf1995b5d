/** Where answers put a track in time. */
import type { BelievedPlay, Clip, ClipMatch } from './belief.ts';

/**
 * Measured places of one play differ by a tenth of a second, told ones by more; two wrong answers that agree by chance
 * differ by anything.
 */
const agreementMs = { measured: 600, told: 1200 };
/** A track that is heard so far beyond the end that was told is longer than was told: decks and offsets are not so far off. */
const wrongLengthSeconds = 3;

/** When the track began, ms, if `offsetSeconds` of it are at the start of the clip. */
export const impliedStart = (clip: Clip, offsetSeconds: number, speed: number) =>
  clip.startMs - (offsetSeconds / speed) * 1000;

/** Reckoned from where the track is now: a deck that stood still for a while, or a jump of the needle, moves it. */
export const expectedEnd = ({ positionMs, durationSeconds, speed }: BelievedPlay) =>
  durationSeconds === null ? null : positionMs + (durationSeconds / speed) * 1000;

/** How far two starts may differ, ms. Deck speed is known to a fraction of a percent only, so the tolerance grows with the distance. */
export const tolerance = (clip: Clip, startMs: number, coarseMs: number) =>
  (coarseMs > 0 ? agreementMs.told : agreementMs.measured) +
  0.004 * Math.max(0, clip.startMs - startMs) +
  coarseMs;

/** Tracks begin so near a beginning of sound, as far as places can tell. */
const beginsTogetherMs = 5000;

/** When the music that is on began, and when it came back after each gap in it, ms. */
export type Begins = readonly [number, ...number[]];

/**
 * Since when a play was heard at most, ms. A start that is reckoned to lie at none of `beginsMs`, and before the last, tells of
 * a needle that was set down in the middle of the track, or of another edit of it: what was heard before that is another
 * one. So is what was heard before `surelySinceMs`, where whoever knows the track did not know sound from before that.
 */
export function heardSince(startMs: number, beginsMs: Begins, surelySinceMs = beginsMs[0]): number {
  const last = beginsMs[beginsMs.length - 1];
  if (beginsMs.some((beganMs) => Math.abs(beganMs - startMs) <= beginsTogetherMs)) return beginsMs[0];
  return Math.max(startMs >= last ? beginsMs[0] : last, surelySinceMs);
}

/** Weight of an answer from 10 s of sound, or more, against all before it: the deck's pitch may be moved, too. */
const mostWeight = 0.5;

/**
 * Where a play counts from, and its speed, after one more measured place. The first answers are of short clips, whose speed is
 * off by up to 0.4 %: the position is kept where the sound was heard, and the rest follows as clips get longer.
 */
export function refined(
  play: BelievedPlay,
  { clip, match, offsetSeconds }: { clip: Clip; match: ClipMatch; offsetSeconds: number },
): Pick<BelievedPlay, 'positionMs' | 'speed'> {
  const { positionMs, speed: before } = play;
  if ((match.offsetToleranceMs ?? 0) > 0) return { positionMs, speed: before };
  const weight = Math.min(mostWeight, (clip.endMs - clip.startMs) / 20_000);
  const speed = before + weight * (match.speed - before);
  const expectedSeconds = ((clip.startMs - positionMs) / 1000) * before;
  const atSeconds = expectedSeconds + weight * (offsetSeconds - expectedSeconds);
  return { positionMs: impliedStart(clip, atSeconds, speed), speed };
}

export const isPlaced = (match: ClipMatch) => (match.offsetToleranceMs ?? 0) < Number.POSITIVE_INFINITY;

/** The length that was told of a track; null where the clip itself lies beyond it, as services know wrong ones, too. */
export function lengthOf(clip: Clip, match: ClipMatch): number | null {
  const { durationSeconds, offsetSeconds, speed, offsetToleranceMs = 0 } = match;
  if (durationSeconds === null || !isPlaced(match)) return durationSeconds;
  const clipEndSeconds = offsetSeconds + ((clip.endMs - clip.startMs) / 1000) * speed;
  return clipEndSeconds > durationSeconds + offsetToleranceMs / 1000 + wrongLengthSeconds
    ? null
    : durationSeconds;
}
