import { createMentions } from './mentions.ts';
import { expectedEnd, impliedStart, isPlaced, lengthOf, refined, tolerance } from './places.ts';

/** A stretch of sound that was asked about; wall-clock milliseconds. */
export type Clip = { startMs: number; endMs: number };

/** What a provider made of a clip. `placements` are other offsets in the same track that fit as well. */
export type ClipMatch = {
  trackId: string;
  /** Seconds into the track at the start of the clip. */
  offsetSeconds: number;
  /** Playing speed against the reference: 1.018 is +1.8 %. */
  speed: number;
  durationSeconds: number | null;
  placements?: readonly number[];
  /**
   * How far `offsetSeconds` may be off: 0 (the default) for a measured one, 1000 for one in whole seconds, Infinity
   * where the provider tells none; the start is then no earlier than the music's, and agreement needs more new sound.
   */
  offsetToleranceMs?: number;
};

/** A track that may be playing: when it began if the answers are right, and how often they agreed. */
type Hypothesis = {
  trackId: string;
  startMs: number;
  speed: number;
  durationSeconds: number | null;
  votes: number;
  clip: Clip;
  offsetSeconds: number;
  /** As in the finest answer for it. */
  toleranceMs: number;
};

/** A play that was believed: the same through pauses, gone when another one begins. */
export type BelievedPlay = {
  entryId: string;
  revision: number;
  trackId: string;
  startMs: number;
  /** Where the display counts from; differs from `startMs` after a jump inside the track. */
  positionMs: number;
  detectedMs: number;
  endMs: number | null;
  lastHeardMs: number;
  speed: number;
  durationSeconds: number | null;
  /** Answers that agreed so far, up to a limit. */
  votes: number;
  /** Not heard: it must have been between two that were. */
  inferred?: boolean;
  /** How coarse the start is, as in `ClipMatch`; 0 when left out. */
  toleranceMs?: number;
};

export type Shown = {
  certainty: 'tentative' | 'confirmed';
  trackId: string;
  startMs: number;
  speed: number;
  clip: Clip;
  offsetSeconds: number;
  /** Null: not known, or it was told wrongly. */
  durationSeconds: number | null;
  entryId: string | null;
};

/** What follows from an answer: show a track, write a play (again, with a higher revision), clear the display. */
export type Decision =
  | { kind: 'show'; shown: Shown }
  | { kind: 'write'; play: BelievedPlay }
  | { kind: 'clear' };

/** `none`: nothing is on the display; `tentative`: one answer; `confirmed`: answers agree. */
export type BeliefState = 'none' | 'tentative' | 'confirmed';

/** A second answer counts only when it heard this much that the first had not. */
const newSoundMs = 1500;
/** Where answers have no place in time, two that agree must be of sound that lies farther apart. */
const newSoundUnplacedMs = 5000;
/** The end of a play whose start is not measured is no better known. */
const unplacedEndMs = 10_000;
/** An answer without a place that names what was on before begins a new play after so long a pause. */
const pauseOfPlayMs = 30_000;
/** A deck that stood still for longer was not waited for: what comes then is a play of its own. */
const standstillMs = 10 * 60_000;
const unheardMs = 60_000;
const missesToClear = 3;
const missesToClearPastEnd = 2;
/** A track that begins no earlier than this before the end of its last play is played again. */
const untilNewPlayMs = 10_000;
/** A needle set back starts near the beginning; a jump to elsewhere in the track is the same play. */
const restartWindowMs = 25_000;
/** Hypotheses that nothing spoke for so long are dropped; more than a few at once tell nothing. */
const rivals = { lifeMs: 60_000, most: 5 };
/** A play that was right for long can still be corrected by this many answers more. */
const mostVotes = 6;

/**
 * Decides what to believe from answers that come one after another. One answer is shown as tentative; two
 * that agree in name and in time make a play, written once. Pure: no clock, no I/O.
 *
 * `recalled` is the last play of an earlier run of the process, so that a restart in the middle of a track
 * goes on with the same entry.
 */
export function createBelief({ newId, recalled }: { newId: () => string; recalled: BelievedPlay | null }) {
  let play: BelievedPlay | null = recalled;
  let playIsOn = false;
  /** What else may be playing, the newest last. */
  let challengers: Hypothesis[] = [];
  let misses = 0;
  const mentions = createMentions();
  /** When the music stopped last. */
  let silentMs = 0;
  /** A play that a person said was wrong: what comes after it is never the same entry under a better name. */
  let refusedId: string | null = null;

  const show = (certainty: Shown['certainty'], from: Hypothesis, entryId: string | null): Decision => ({
    kind: 'show',
    shown: {
      certainty,
      trackId: from.trackId,
      startMs: from.startMs,
      speed: from.speed,
      clip: from.clip,
      offsetSeconds: from.offsetSeconds,
      durationSeconds: from.durationSeconds,
      entryId,
    },
  });

  /** `onsetMs`: when the music began; a track without a place in time began then, or after what was on before. */
  function hypothesis(clip: Clip, match: ClipMatch, onsetMs: number): Hypothesis {
    const { trackId, speed, offsetToleranceMs: toleranceMs = 0 } = match;
    const durationSeconds = lengthOf(clip, match);
    const others = play && play.trackId !== trackId ? play.lastHeardMs : 0;
    const ended = play && play.trackId === trackId ? (expectedEnd(play) ?? 0) : 0;
    const startMs = isPlaced(match)
      ? impliedStart(clip, match.offsetSeconds, speed)
      : Math.min(clip.startMs, Math.max(onsetMs, others, ended <= clip.startMs ? ended : 0));
    const offsetSeconds = isPlaced(match) ? match.offsetSeconds : ((clip.startMs - startMs) / 1000) * speed;
    return { trackId, startMs, speed, durationSeconds, votes: 1, clip, offsetSeconds, toleranceMs };
  }

  /** The offset of `match` that fits a start already believed in, or undefined. */
  function fittingOffset(
    clip: Clip,
    match: ClipMatch,
    from: { startMs: number; toleranceMs?: number },
  ): number | undefined {
    const coarseMs = Math.max(match.offsetToleranceMs ?? 0, from.toleranceMs ?? 0);
    if (coarseMs === Number.POSITIVE_INFINITY) return ((clip.startMs - from.startMs) / 1000) * match.speed;
    const offFrom = (offset: number) => Math.abs(impliedStart(clip, offset, match.speed) - from.startMs);
    const offsets = [match.offsetSeconds, ...(match.placements ?? [])];
    // Of a passage that comes again within a second, the nearest.
    const nearest = offsets.reduce((best, each) => (offFrom(each) < offFrom(best) ? each : best));
    return offFrom(nearest) <= tolerance(clip, from.startMs, coarseMs) ? nearest : undefined;
  }

  /** The play that is on ended at `atMs`, or the one that an earlier process was killed in when it was last heard. */
  function endPlay(atMs: number): Decision[] {
    if (!play || (!playIsOn && play.endMs !== null)) return [];
    const untilMs = playIsOn ? atMs : play.lastHeardMs;
    playIsOn = false;
    const end = expectedEnd(play);
    play = {
      ...play,
      revision: play.revision + 1,
      endMs: Math.max(play.startMs, end === null ? untilMs : Math.min(end, untilMs)),
    };
    return [{ kind: 'write', play }];
  }

  /** The play goes on, or goes on again after a pause: no new entry. */
  function resume(clip: Clip, match: ClipMatch, offset: number): Decision[] {
    if (!play) return [];
    const wasOff = !playIsOn;
    playIsOn = true;
    misses = 0;
    // An answer for the play speaks against other names for it, and ends all doubt about another time.
    challengers = challengers
      .filter((rival) => isAnotherName(rival) && rival.votes > 1)
      .map((rival) => ({ ...rival, votes: rival.votes - 1 }));
    play = {
      ...play,
      ...refined(play, { clip, match, offsetSeconds: offset }),
      lastHeardMs: clip.endMs,
      endMs: null,
      durationSeconds: lengthOf(clip, {
        ...match,
        offsetSeconds: offset,
        durationSeconds: play.durationSeconds,
      }),
      revision: play.revision + (wasOff ? 1 : 0),
      votes: Math.min(mostVotes, play.votes + 1),
    };
    const { positionMs: startMs, durationSeconds, speed } = play;
    const at = {
      ...hypothesis(clip, match, clip.startMs),
      offsetSeconds: offset,
      startMs,
      speed,
      durationSeconds,
    };
    const shown = show('confirmed', at, play.entryId);
    return wasOff ? [shown, { kind: 'write', play }] : [shown];
  }

  /** Another track at the very time of the play: another version of the song, or the same recording elsewhere. */
  function isAnotherName(found: Hypothesis): boolean {
    if (!play || found.trackId === play.trackId || play.entryId === refusedId) return false;
    const coarseMs = Math.max(found.toleranceMs, play.toleranceMs ?? 0);
    if (coarseMs === Number.POSITIVE_INFINITY) return playIsOn && mentions.areOfOneSound(found, play);
    return Math.abs(found.startMs - play.startMs) <= tolerance(found.clip, play.startMs, coarseMs);
  }

  /**
   * Two answers are enough, but a name that contradicts a play must be heard more often than the play was, and one
   * that comes in the middle of a play that was sure, or without a place in time, three times.
   */
  function votesNeeded(found: Hypothesis): number {
    if (!play || !playIsOn || found.trackId === play.trackId) return 2;
    if (isAnotherName(found))
      return play.toleranceMs === Number.POSITIVE_INFINITY && mentions.leads(found, play)
        ? 2
        : play.votes + 1;
    const end = expectedEnd(play);
    const isUnplaced = found.toleranceMs === Number.POSITIVE_INFINITY;
    const isOver = end !== null && (isUnplaced ? found.clip.startMs > end : found.clip.endMs > end - 5000);
    return (isUnplaced || play.votes >= 3) && !isOver ? 3 : 2;
  }

  /** The play was written under a wrong name: the entry stays, and gets the right one. */
  function correct(found: Hypothesis, before: BelievedPlay): Decision[] {
    const { trackId, durationSeconds, speed, votes } = found;
    play = {
      ...before,
      trackId,
      durationSeconds,
      speed,
      votes,
      toleranceMs: found.toleranceMs,
      lastHeardMs: found.clip.endMs,
      endMs: null,
      revision: before.revision + 1,
    };
    playIsOn = true;
    return [{ kind: 'write', play }, show('confirmed', found, play.entryId)];
  }

  function isNewPlay(found: Hypothesis, lastHeardMs: number): boolean {
    if (!play || found.trackId !== play.trackId) return true;
    const end = expectedEnd(play) ?? lastHeardMs;
    const afterItsEnd = found.startMs >= end - untilNewPlayMs;
    const setBack =
      found.startMs > play.startMs + restartWindowMs &&
      found.clip.endMs - found.startMs <= restartWindowMs + 15_000;
    return afterItsEnd || setBack;
  }

  function confirm(found: Hypothesis): Decision[] {
    const before = play;
    const lastHeardMs = before?.lastHeardMs ?? 0;
    const sameSound = isAnotherName(found);
    challengers = [];
    misses = 0;
    if (before && sameSound) return correct(found, before);
    if (before && !isNewPlay(found, lastHeardMs)) {
      const wasOff = !playIsOn;
      playIsOn = true;
      play = {
        ...before,
        positionMs: found.startMs,
        toleranceMs: found.toleranceMs,
        lastHeardMs: found.clip.endMs,
        endMs: null,
        revision: before.revision + (wasOff ? 1 : 0),
      };
      const shown = show('confirmed', found, play.entryId);
      return wasOff ? [shown, { kind: 'write', play }] : [shown];
    }
    const ended = endPlay(Math.max(lastHeardMs, found.startMs));
    play = {
      entryId: newId(),
      revision: 1,
      trackId: found.trackId,
      startMs: found.startMs,
      positionMs: found.startMs,
      detectedMs: found.clip.endMs,
      endMs: null,
      lastHeardMs: found.clip.endMs,
      speed: found.speed,
      durationSeconds: found.durationSeconds,
      votes: found.votes,
      toleranceMs: found.toleranceMs,
    };
    playIsOn = true;
    return [...ended, { kind: 'write', play }, show('confirmed', found, play.entryId)];
  }

  /** The display shows a newcomer at once when the old track is over or already in doubt. */
  function newcomerMayShow(clip: Clip): boolean {
    if (!play || !playIsOn) return true;
    const end = expectedEnd(play);
    return misses > 0 || (end !== null && clip.endMs > end);
  }

  /** One more answer for a hypothesis, or a new one. */
  function vote(clip: Clip, match: ClipMatch, onsetMs: number): Hypothesis {
    challengers = challengers.filter((each) => clip.endMs - each.clip.endMs <= rivals.lifeMs);
    const first = hypothesis(clip, match, onsetMs);
    for (const [position, rival] of challengers.entries()) {
      if (rival.trackId !== match.trackId) continue;
      const offset = fittingOffset(clip, match, rival);
      if (offset === undefined) continue;
      const unplaced = !isPlaced(match) || rival.toleranceMs === Number.POSITIVE_INFINITY;
      if (clip.endMs - rival.clip.endMs < (unplaced ? newSoundUnplacedMs : newSoundMs)) return rival;
      const grown = {
        ...first,
        ...agreed(rival, { ...first, offsetSeconds: offset }),
        votes: rival.votes + 1,
      };
      challengers[position] = grown;
      return grown;
    }
    challengers = [...challengers.slice(1 - rivals.most), first];
    return first;
  }

  /** Start and offset of two answers for one track: those of the finer one, or the mean start of equals. */
  function agreed(
    rival: Hypothesis,
    { clip, speed, offsetSeconds, toleranceMs, startMs }: Hypothesis,
  ): Pick<Hypothesis, 'startMs' | 'offsetSeconds' | 'toleranceMs'> {
    if (toleranceMs > rival.toleranceMs || toleranceMs === Number.POSITIVE_INFINITY) {
      const { startMs: before } = rival;
      return {
        startMs: before,
        offsetSeconds: ((clip.startMs - before) / 1000) * speed,
        toleranceMs: rival.toleranceMs,
      };
    }
    if (toleranceMs < rival.toleranceMs) return { startMs, offsetSeconds, toleranceMs };
    const { votes } = rival;
    const here = impliedStart(clip, offsetSeconds, speed);
    return { startMs: (rival.startMs * votes + here) / (votes + 1), offsetSeconds, toleranceMs };
  }

  function challenge(clip: Clip, match: ClipMatch, onsetMs: number): Decision[] {
    // What nobody knew before says nothing against the first who does.
    if (!playIsOn && challengers.length === 0) misses = 0;
    const found = vote(clip, match, onsetMs);
    if (found.votes >= votesNeeded(found)) return confirm(found);
    // A service, which is asked now and then, does not err twice in the same way: what was sure is in doubt.
    if (found.votes > 1 && found.toleranceMs > 0 && !isAnotherName(found)) misses = Math.max(misses, 1);
    return newcomerMayShow(clip) && !(playIsOn && isAnotherName(found))
      ? [show('tentative', found, null)]
      : [];
  }

  /** An answer without a place in time goes on with what was on, unless that must be over. */
  function goesOn(clip: Clip, onsetMs: number): boolean {
    if (!play) return false;
    const end = expectedEnd(play);
    if (end !== null && clip.startMs >= end + unplacedEndMs) return false;
    // Services are asked about it once a minute: until then what was heard after a pause may have been it, if it was not over.
    const stoppedMs = play.endMs ?? 0;
    const wasOver = end !== null && stoppedMs >= end - untilNewPlayMs;
    const mayHaveGoneOn = !wasOver && silentMs - stoppedMs <= unheardMs;
    const pauseFromMs = Math.max(play.lastHeardMs, mayHaveGoneOn ? silentMs : 0);
    return playIsOn || onsetMs <= pauseFromMs + pauseOfPlayMs;
  }

  /**
   * The offset of `match` where a deck that stood still has gone on with the track, or undefined: it is later by some of the
   * time for which nothing was heard, and by no more. A needle that is set back is later by more.
   */
  function offsetAfterStandstill(clip: Clip, match: ClipMatch, onsetMs: number): number | undefined {
    if (!play || playIsOn || !isPlaced(match)) return undefined;
    const { positionMs, lastHeardMs, toleranceMs = 0 } = play;
    const coarseMs = Math.max(match.offsetToleranceMs ?? 0, toleranceMs);
    const stoodMs = onsetMs - lastHeardMs;
    if (coarseMs === Number.POSITIVE_INFINITY || stoodMs > standstillMs) return undefined;
    // The speed is known less well the longer it has turned, not the longer it has stood.
    const mostMs = stoodMs + tolerance({ startMs: lastHeardMs, endMs: lastHeardMs }, positionMs, coarseMs);
    const end = expectedEnd(play);
    return [match.offsetSeconds, ...(match.placements ?? [])].find((offset) => {
      const startMs = impliedStart(clip, offset, match.speed);
      const laterMs = startMs - positionMs;
      return laterMs > 0 && laterMs <= mostMs && (end === null || startMs < end - untilNewPlayMs);
    });
  }

  function matched(clip: Clip, match: ClipMatch, onsetMs: number): Decision[] {
    if (!isPlaced(match)) mentions.add(match.trackId, clip.endMs);
    if (play && match.trackId === play.trackId) {
      if (!isPlaced(match) && !goesOn(clip, onsetMs)) return challenge(clip, match, onsetMs);
      for (const startMs of [play.positionMs, play.startMs]) {
        const offset = fittingOffset(clip, match, { startMs, toleranceMs: play.toleranceMs });
        if (offset === undefined) continue;
        play = { ...play, positionMs: startMs };
        return resume(clip, match, offset);
      }
      const offset = offsetAfterStandstill(clip, match, onsetMs);
      if (offset !== undefined) {
        play = { ...play, positionMs: impliedStart(clip, offset, match.speed) };
        return resume(clip, match, offset);
      }
    }
    return challenge(clip, match, onsetMs);
  }

  function missed(clip: Clip): Decision[] {
    misses += 1;
    const end = play && playIsOn ? expectedEnd(play) : null;
    const limit = end !== null && clip.endMs > end + 2000 ? missesToClearPastEnd : missesToClear;
    if (misses < limit) return [];
    const something = playIsOn || challengers.length > 0;
    challengers = [];
    const ended = endPlay(play?.lastHeardMs ?? clip.startMs);
    return something ? [...ended, { kind: 'clear' }] : [];
  }

  return {
    /**
     * An answer for `clip`: a match, or null for none. `onsetMs`: when the music began. Decisions are in the order to
     * carry out.
     */
    answer(clip: Clip, match: ClipMatch | null, onsetMs = clip.startMs): Decision[] {
      return match ? matched(clip, match, onsetMs) : missed(clip);
    },
    /** The music stopped at `atMs` (or the input ended or went away). */
    silence(atMs: number): Decision[] {
      silentMs = atMs;
      const something = playIsOn || challengers.length > 0;
      challengers = [];
      misses = 0;
      const ended = endPlay(atMs);
      return something ? [...ended, { kind: 'clear' }] : ended;
    },
    /** Nothing is heard of the play that an earlier process was killed in. It goes on with its entry if it comes back. */
    leaveRecalled: (): Decision[] => (playIsOn ? [] : endPlay(0)),
    /** A person said that a play was wrong; if it is on, the silence that follows is the caller's to tell. */
    refuse(entryId: string): void {
      refusedId = entryId;
      // One that an earlier process was killed in needs no end to be written any more.
      if (!playIsOn && play?.entryId === entryId) play = { ...play, endMs: play.endMs ?? play.lastHeardMs };
    },
    /** A person said that a play was wrong, and now that it was right: it goes on, if its music does, which began at `onsetMs`. */
    reinstate(entryId: string, onsetMs: number): Decision[] {
      if (refusedId === entryId) refusedId = null;
      if (!play || playIsOn || play.entryId !== entryId || (play.endMs ?? 0) < onsetMs) return [];
      playIsOn = true;
      challengers = [];
      misses = 0;
      play = { ...play, endMs: null, revision: play.revision + 1 };
      const clip = { startMs: play.lastHeardMs, endMs: play.lastHeardMs };
      const offsetSeconds = ((clip.startMs - play.positionMs) / 1000) * play.speed;
      const { trackId, positionMs: startMs, speed, durationSeconds, votes, toleranceMs = 0 } = play;
      const at = { trackId, startMs, speed, durationSeconds, votes, toleranceMs, clip, offsetSeconds };
      return [{ kind: 'write', play }, show('confirmed', at, entryId)];
    },
    state(): BeliefState {
      if (playIsOn && !(challengers.length > 0 && misses > 0)) return 'confirmed';
      return challengers.length > 0 ? 'tentative' : 'none';
    },
    /** When the confirmed track is expected to end, or null. */
    expectedEndMs(): number | null {
      if (!play || !playIsOn) return null;
      return expectedEnd(play);
    },
    /** True while answers fail to confirm what is shown: worth asking again soon. */
    inDoubt: () => misses > 0 || challengers.length > 0,
  };
}
export type Belief = ReturnType<typeof createBelief>;
