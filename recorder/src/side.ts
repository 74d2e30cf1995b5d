import type { BelievedPlay, Decision } from './belief.ts';
import type { Stretch } from './learn/hear.ts';
import { expectedEnd } from './places.ts';

/**
 * A track of a release that the user has; `release` is the same for all of its tracks, `side` for those of a side or a disc, as
 * far as their numbers tell. `place`: its number on the release, from 1; one that the user has not leaves a gap.
 */
export type ReleaseTrack = {
  release: string;
  trackId: string;
  place: number;
  side: string;
  durationSeconds: number;
};

/** The track that should begin about now, and since when it may have begun. */
export type DueTrack = { trackId: string; notBeforeMs: number };

/** Where the sides of releases end, as they were heard to. */
export type SideEnds = {
  has(release: string, place: number): boolean;
  learn(release: string, place: number): void;
  forget(release: string, place: number): void;
};

/** What is known of the side that plays: the track heard last, the one that should follow, or that it is over. */
export type Side = { trackId: string; expectedId: string | null; isFinished: boolean };

/** An unnamed stretch is the missing track when it is no shorter, and no longer than the gaps beside it may be. */
const unnamedSlackMs = { shorter: 3000, longer: 10_000 };
/** So much of the time between two tracks must have been music for one to be filled in, and the one before heard so near its end. */
const filledIn = { musicShare: 0.7, nearEndMs: 20_000 };
/** Music heard without a break, and how many stretches of it are remembered. */
const music = { breakMs: 1000, most: 100 };
/** A track played to its end when it was last heard no earlier than this before it. */
const nearEndMs = 15_000;
/** Music that stays away for so long after the last track has ended: one that is known to be, or one that may be. */
const finishedAfterMs = { known: 3000, perhaps: 20_000 };
/** Music that goes on for so long after a track has ended is another track, though nobody can name it. */
const anotherTrackMs = 10_000;
/** The next track after so short a pause is on the same side. */
const sameSideMs = 15_000;
/** The track after one that was played to its end is due so long before and after that end. */
const nextDueMs = { before: 3000, after: 25_000 };
/** A track may have ended so much earlier than its file says. */
const endSlackMs = 5000;

type SideOptions = {
  /** The release's tracks, in order; null for a track of none. */
  release(trackId: string): readonly ReleaseTrack[] | null;
  ends: SideEnds;
  newId(): string;
};

const endOf = (play: BelievedPlay): number => expectedEnd(play) ?? play.lastHeardMs;

/**
 * Follows the tracks of a record: two in succession give the release and what is to follow; a stretch between two
 * that fits the track between them is that track. Pure: its clock is the sound's.
 */
export function createSide({ release, ends, newId }: SideOptions) {
  let play: BelievedPlay | null = null;
  let tracks: readonly ReleaseTrack[] = [];
  let track: ReleaseTrack | null = null;
  let isKnown = false;
  let isFinished = false;
  /** There is music again since: whatever it is, the side that is over says nothing of it. */
  let isPast = false;
  /** When there was music lately, the newest last. */
  let heardMusic: Stretch[] = [];

  const at = (place: number) => tracks.find((each) => each.place === place) ?? null;
  /** What comes after `last` before anybody turns the record over; null as well where it is not known. */
  function following(last: ReleaseTrack): ReleaseTrack | null {
    const next = at(last.place + 1);
    return next?.side === last.side && !ends.has(last.release, last.place) ? next : null;
  }
  /** Nothing comes after it on its side, and none before it is missing, which would be a sign that others are. */
  function isLastOfSide(last: ReleaseTrack): boolean {
    if (ends.has(last.release, last.place)) return true;
    const next = at(last.place + 1);
    const isLast = next ? next.side !== last.side : tracks.at(-1) === last;
    return isLast && tracks[last.place - 1] === last;
  }
  const expected = () => (track && !isFinished && isKnown ? following(track) : null);

  function turnTo(next: BelievedPlay): void {
    play = next;
    tracks = release(next.trackId) ?? [];
    track = tracks.find(({ trackId }) => trackId === next.trackId) ?? null;
    isFinished = false;
    isPast = false;
  }

  function rememberMusic(nowMs: number): void {
    const last = heardMusic.at(-1);
    if (last && nowMs - last.toMs <= music.breakMs) last.toMs = nowMs;
    else heardMusic = [...heardMusic.slice(1 - music.most), { fromMs: nowMs, toMs: nowMs }];
  }

  /** Until when music went on after a track that ended at `endMs`, or null: run-out grooves may sound like it for a moment. */
  function wentOnUntil(endMs: number): number | null {
    const other = heardMusic.findLast(({ fromMs, toMs }) => toMs - Math.max(fromMs, endMs) >= anotherTrackMs);
    return other?.toMs ?? null;
  }

  /** Whether somebody may have played the track between two: a needle that is up, or was set elsewhere, plays none. */
  function wasPlayed(before: BelievedPlay, after: BelievedPlay): boolean {
    const fromMs = endOf(before);
    if (before.lastHeardMs < fromMs - filledIn.nearEndMs) return false;
    let musicMs = 0;
    for (const each of heardMusic)
      musicMs += Math.max(0, Math.min(each.toMs, after.startMs) - Math.max(each.fromMs, fromMs));
    return musicMs >= filledIn.musicShare * (after.startMs - fromMs);
  }

  /** The play of the track between two that were heard, if the time between them fits it. */
  function between(before: BelievedPlay, after: BelievedPlay, missing: ReleaseTrack): BelievedPlay | null {
    const { speed } = after;
    const longerMs = after.startMs - endOf(before) - (missing.durationSeconds / speed) * 1000;
    if (longerMs < -unnamedSlackMs.shorter || longerMs > unnamedSlackMs.longer) return null;
    const startMs = endOf(before) + Math.max(0, longerMs / 2);
    const endMs = Math.min(after.startMs, startMs + (missing.durationSeconds / speed) * 1000);
    return {
      entryId: newId(),
      revision: 1,
      trackId: missing.trackId,
      startMs,
      positionMs: startMs,
      detectedMs: startMs,
      endMs,
      lastHeardMs: endMs,
      speed,
      durationSeconds: missing.durationSeconds,
      votes: 0,
      inferred: true,
    };
  }

  /** A new play; gives the one that must have been before it, or null. */
  function began(next: BelievedPlay): BelievedPlay | null {
    const before = play;
    const last = track;
    turnTo(next);
    const wasKnown = isKnown;
    isKnown = false;
    if (!before || !last || !track || track.release !== last.release) return null;
    const steps = track.place - last.place;
    if (steps === 0) isKnown = wasKnown;
    if (steps === 1) {
      isKnown = true;
      if (next.startMs - endOf(before) < sameSideMs) ends.forget(last.release, last.place);
    }
    const missing = steps === 2 ? at(last.place + 1) : null;
    const inferred = missing && wasPlayed(before, next) && between(before, next, missing);
    if (inferred) isKnown = true;
    return inferred || null;
  }

  return {
    /** What was decided, with the plays added that follow from it. */
    follow(decisions: readonly Decision[]): Decision[] {
      return decisions.flatMap((decision): Decision[] => {
        if (decision.kind !== 'write') return [decision];
        const { play: written } = decision;
        if (written.entryId === play?.entryId) {
          if (written.trackId === play.trackId) play = written;
          else turnTo(written);
          return [decision];
        }
        const inferred = began(written);
        return inferred ? [{ kind: 'write', play: inferred }, decision] : [decision];
      });
    },
    /** Whether there is music at `nowMs`. True when that has changed the state: the side is now over, or something else plays. */
    heard(nowMs: number, isMusic: boolean): boolean {
      if (isMusic) rememberMusic(nowMs);
      if (isMusic && isFinished && !isPast) {
        isPast = true;
        return true;
      }
      if (isMusic || isFinished || !isKnown || !play || !track) return false;
      const endMs = endOf(play);
      if (play.lastHeardMs < endMs - nearEndMs) return false;
      const otherEndMs = wentOnUntil(endMs);
      const isEnd = otherEndMs === null && isLastOfSide(track);
      const waitMs = isEnd ? finishedAfterMs.known : finishedAfterMs.perhaps;
      if (nowMs < (otherEndMs ?? endMs) + waitMs) return false;
      if (!isEnd && otherEndMs === null) ends.learn(track.release, track.place);
      isFinished = true;
      return true;
    },
    /** Null while one track alone is known, and when something else plays after the side. */
    state(): Side | null {
      if (isPast || !track || !isKnown) return null;
      return { trackId: track.trackId, expectedId: expected()?.trackId ?? null, isFinished };
    },
    /**
     * The track that should begin about now, and since when it may have begun, whether or not the side is known yet. Null where
     * none is due. `expectedEndMs`: when the last play should end, while it is believed in; a needle may have jumped in it.
     */
    next(nowMs: number, expectedEndMs: number | null): DueTrack | null {
      if (!play || !track || isFinished) return null;
      const endMs = expectedEndMs ?? endOf(play);
      if (expectedEndMs === null && play.lastHeardMs < endMs - nearEndMs) return null;
      if (nowMs < endMs - nextDueMs.before || nowMs > endMs + nextDueMs.after) return null;
      const next = following(track);
      return next && { trackId: next.trackId, notBeforeMs: endMs - endSlackMs };
    },
    /** True for a track beside those that were heard: the better name where a recording is on several releases. */
    fits: (trackId: string): boolean => tracks.some((each) => each.trackId === trackId),
  };
}
