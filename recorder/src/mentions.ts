import type { BelievedPlay, Clip } from './belief.ts';
import { expectedEnd } from './places.ts';

/** Without places, a name that comes so soon after another is one for the same sound: no track is as short. */
const shortestPlayMs = 20_000;
/** Later than so long after its start, a play without places is sure: another name is another track. */
const turnsMs = 45_000;
/** By so many answers more one of two names for the same sound is the right one. */
const lead = 2;
const most = 40;

type Named = { trackId: string; startMs: number; clip: Clip };

/** Names that were given without a place in time, of which nothing but their order tells whether they are for one sound. */
export function createMentions() {
  /** By the ends of the clips, the newest last. */
  let mentions: { trackId: string; ms: number }[] = [];

  const timesNamed = (name: string, fromMs: number, beforeMs = Number.POSITIVE_INFINITY) =>
    mentions.filter(({ trackId, ms }) => trackId === name && ms >= fromMs && ms < beforeMs).length;

  return {
    add(trackId: string, ms: number): void {
      mentions = [...mentions.slice(1 - most), { trackId, ms }];
    },
    /**
     * Whether another name is one for the sound of a play: the play would else have been too short for a track, or the names took
     * turns before it was sure, as those of two tracks do not.
     */
    areOfOneSound({ trackId, startMs, clip }: Named, play: BelievedPlay): boolean {
      const end = expectedEnd(play);
      if (end !== null && clip.startMs >= end) return false;
      if (startMs - play.startMs <= shortestPlayMs) return true;
      if (play.lastHeardMs - play.startMs > turnsMs) return false;
      return timesNamed(trackId, play.startMs, play.lastHeardMs) > 0;
    },
    /** Whether, of two names for one sound, this one was given so much oftener that it is the right one. */
    leads: ({ trackId }: Named, play: BelievedPlay): boolean =>
      timesNamed(trackId, play.startMs) >= timesNamed(play.trackId, play.startMs) + lead,
  };
}
