import type { BelievedPlay, Clip } from './belief.ts';
import type { ProviderAnswer } from './identify.ts';
import type { Identification } from './listen.ts';
import { type Begins, heardSince } from './places.ts';

/** Less sound than this is no proof that somebody would have known the track in it. */
const proofMs = 8000;
/** So many answers are remembered: an hour of questions to the index about music that it does not know. */
const most = 400;

/** Whoever makes something of a play by the time in which it was heard. */
export type Taker = (play: BelievedPlay, onsetMs: number) => unknown;

type TakePlayOptions = {
  /** When the music that is on began, and when it came back after the last gaps in it; null without music. */
  begins(): Begins | null;
  takers: readonly Taker[];
};

/**
 * Hands plays that are written to who learns from them and who keeps the music around them, with the time since when each
 * was heard at most. A place in the track tells that where it is a place in this edit of it: it is not where whoever named the
 * track did not know sound that would have been in it.
 */
export function createTakePlay({ begins, takers }: TakePlayOptions) {
  /** The music that the answers are about, by its begin. */
  let musicMs = Number.NaN;
  let unknown: { by: string; clip: Clip }[] = [];
  /** By track and who named it: the first sound that was named. */
  let named = new Map<string, Map<string, Clip>>();
  /** A play is heard since it was believed first, whatever gap there is in it. */
  let last: { entryId: string; onsetMs: number } | null = null;

  /** What was said of other music tells nothing. */
  function follow(beginsMs: Begins | null): void {
    if (!beginsMs || beginsMs[0] === musicMs) return;
    musicMs = beginsMs[0];
    unknown = [];
    named = new Map();
  }

  /** Since when the sound is surely this track, where its start is told wrongly; else -Infinity. */
  function surelySince({ trackId, startMs }: BelievedPlay): number {
    const firsts = [...(named.get(trackId) ?? [])].filter(([name, first]) =>
      unknown.some(({ by, clip }) => by === name && clip.startMs >= startMs && clip.endMs <= first.endMs),
    );
    return Math.max(Number.NEGATIVE_INFINITY, ...firsts.map(([, first]) => first.startMs));
  }

  function onsetOf(play: BelievedPlay): number {
    if (last?.entryId === play.entryId) return last.onsetMs;
    const beginsMs = begins();
    follow(beginsMs);
    return beginsMs ? heardSince(play.startMs, beginsMs, surelySince(play)) : play.startMs;
  }

  return {
    /** Somebody, a service or the user's own index, has answered for `clip`. */
    answered(by: string, { startMs, endMs }: Clip, answer: ProviderAnswer | Identification): void {
      follow(begins());
      if (answer.kind === 'no_match' && endMs - startMs >= proofMs)
        unknown = [...unknown.slice(1 - most), { by, clip: { startMs, endMs } }];
      if (answer.kind !== 'match') return;
      const { trackId } = answer.match;
      const firsts = named.get(trackId) ?? new Map<string, Clip>();
      if (!firsts.has(by)) firsts.set(by, { startMs, endMs });
      named.set(trackId, firsts);
    },
    /** A play was written, for the first time or again. */
    take(play: BelievedPlay): void {
      const onsetMs = onsetOf(play);
      // After a pause it is heard since another time.
      if (play.endMs === null) last = { entryId: play.entryId, onsetMs };
      else if (last?.entryId === play.entryId) last = null;
      for (const taker of takers) taker(play, onsetMs);
    },
  };
}
