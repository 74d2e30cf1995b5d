import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Belief, Clip, ClipMatch, Decision } from './belief.ts';
import type { Sound } from './gate/gate.ts';
import type { Circumstances } from './identify.ts';
import type { Begins } from './places.ts';
import { createStretch, type HeardHop } from './stretch.ts';

/** What a round of asking gave: a match, none, or nobody could tell (then nothing follows from it). */
export type Identification =
  | { kind: 'match'; match: ClipMatch; track?: IdentifiedTrack }
  | { kind: 'no_match' }
  | { kind: 'cannot_tell' };

/**
 * `waiting`: there is no music, but `why`; `scanning`: there is, and a clip is being collected or asked about;
 * `resting`: knows what plays, or could not find out, and pauses before it asks again; `paused`: a person said so.
 */
export type Listening =
  | { phase: 'paused' }
  | { phase: 'waiting'; why: Sound }
  | { phase: 'scanning'; onsetMs: number; dueMs: number }
  | { phase: 'resting'; onsetMs: number; dueMs: number };

/**
 * Seconds of music in the first questions after it began; then a window of the last seconds. Many, as each takes the index
 * some 50 ms. The first has sound from before the music in it, as the index needs 2 s.
 */
const firstClips = [1.5, 2, 2.5, 3, 3.5, 4, 5, 8, 12];
const leastClipMs = 2000;
const windowSeconds = { checking: 5, unknown: 9, talk: 8 };
const pauseMs = {
  known: 3500,
  doubt: 1500,
  pastEnd: 1000,
  tentative: 2000,
  unknown: 4000,
  unknownMost: 12_000,
};
const shortestClipMs = 1900;
/** A question for the next track of a record is asked this long after the expected end of the last one. */
const nextTrackMs = 2000;
/** A moment of little sound counts as the gap between two tracks when it is no farther from the expected end. */
const nearEndMs = 15_000;
/** After the end of a track, for so long, the next one may begin with sound that is no music by itself. */
const nextDueMs = 20_000;

/** What played when an earlier process was killed is over when there is no music for so long at first. */
const leftMs = 20_000;
/**
 * Talk in the middle of a track that is believed may be a part of it: the user's own index is asked after so much of it, and once
 * more. When it knows it neither time, the track is over; after a gap so near before the talk once is enough, as the needle is
 * up then.
 */
const talkAsks = { firstMs: 3500, againMs: 2000, most: 2, gapMs: 2500 };

/** So many of them are remembered: one of a whole side's is that of the track. */
const mostGaps = 20;

type ListenOptions = {
  belief: Belief;
  identify(clip: Clip, circumstances: Circumstances): Promise<Identification>;
  onDecisions(decisions: Decision[]): void;
  onState(state: Listening): void;
  onTrouble(error: unknown): void;
};

/**
 * When to ask. Driven by the sound itself: every hop may begin or end a stretch of music or make a question due.
 * At most one question is under way.
 */
export function createListener({ belief, identify, onDecisions, onState, onTrouble }: ListenOptions) {
  const music = createStretch();
  let state: Listening = { phase: 'waiting', why: 'quiet' };
  let latest: HeardHop | null = null;
  let asking = false;
  /** The clip grows from here, and is so many steps long. */
  let growsFromMs = 0;
  let step = 0;
  let unknownRounds = 0;
  /** A question at this time is due whatever the last answer was. */
  let promisedMs = Number.POSITIVE_INFINITY;
  /** When the sound came back after the gap that was found around the expected end of a track. */
  let gapMs = Number.NEGATIVE_INFINITY;
  /** When the music that is on began, and when it came back after the last gaps in it. */
  let beginsMs: Begins = [0];
  /** Answers to questions of an earlier stretch of music are void. */
  let stretch = 0;
  /** What goes on after the music is talk, or was last until then; and how often that was asked about. */
  let talk = { isOn: false, untilMs: Number.NEGATIVE_INFINITY, asks: 0 };
  /** The end of the last hop of talk, also where there was no music. */
  let lastTalkMs = Number.NEGATIVE_INFINITY;
  /** When the last track was over, if it was played to its end. */
  let trackEndMs = Number.NEGATIVE_INFINITY;
  /** Until when music that began makes the play go on that an earlier process was killed in; null: that is settled. */
  let leaveAtMs: number | null = Number.POSITIVE_INFINITY;

  function enter(next: Listening): void {
    state = next;
    onState(state);
  }

  /** Whatever goes wrong with it must not end the listening: sound goes on to arrive. */
  function tell(decisions: Decision[]): void {
    if (decisions.length === 0) return;
    try {
      onDecisions(decisions);
    } catch (error) {
      onTrouble(error);
    }
  }

  async function answerTo(clip: Clip, circumstances: Circumstances): Promise<Identification> {
    try {
      return await identify(clip, circumstances);
    } catch (error) {
      onTrouble(error);
      return { kind: 'cannot_tell' };
    }
  }

  function beginStretch(onsetMs: number): void {
    leaveAtMs = null;
    growsFromMs = onsetMs;
    beginsMs = [onsetMs];
    step = 0;
    unknownRounds = 0;
    promisedMs = Number.POSITIVE_INFINITY;
    talk = { isOn: false, untilMs: lastTalkMs, asks: 0 };
    stretch += 1;
    asking = false;
    enter({ phase: 'scanning', onsetMs, dueMs: onsetMs + firstClips[0] * 1000 });
  }

  function endStretch(atMs: number): void {
    stretch += 1;
    asking = false;
    enter({ phase: 'waiting', why: music.reason() });
    const endMs = belief.expectedEndMs();
    trackEndMs = endMs !== null && Math.abs(atMs - endMs) <= nearEndMs ? atMs : Number.NEGATIVE_INFINITY;
    tell(belief.silence(atMs));
  }

  function hop(heard: HeardHop): void {
    if (state.phase === 'paused') return;
    latest = heard;
    const isNextDue = heard.endMs - trackEndMs <= nextDueMs;
    const turn = music.hop(heard, { believed: belief.state() !== 'none', isNextDue });
    if (turn?.kind === 'began') beginStretch(turn.onsetMs);
    else if (turn?.kind === 'ended') endStretch(turn.atMs);
    else if (turn?.kind === 'perhaps') look({ startMs: turn.fromMs, endMs: heard.endMs }).catch(onTrouble);
    else if (turn?.kind === 'talking')
      look({ startMs: heard.endMs - windowSeconds.talk * 1000, endMs: heard.endMs }).catch(onTrouble);
    else if (turn?.kind === 'resumed') resumed(turn.atMs);
    if (heard.sound === 'talk') lastTalkMs = heard.endMs;
    followTalk(heard);
    if (state.phase === 'waiting') {
      leaveRecalled(heard);
      if (state.why !== music.reason()) enter({ phase: 'waiting', why: music.reason() });
    } else if (!asking && heard.endMs >= Math.min(state.dueMs, promisedMs) && isToAsk(heard.endMs))
      ask(heard.endMs).catch(onTrouble);
  }

  function followTalk({ startMs, endMs }: HeardHop): void {
    if (state.phase === 'waiting' || state.phase === 'paused') return;
    if (music.talkMs(endMs) > 0) talk = { ...talk, isOn: true, untilMs: endMs };
    else if (talk.isOn) {
      talk = { ...talk, isOn: false, asks: 0 };
      // Music that comes after talk is asked about as if it had just begun.
      if (belief.state() === 'none') growFrom(startMs);
    }
  }

  /**
   * Talk is nobody's business but as a part of a track that is believed, when a person wants it, or where the next track is due,
   * which may begin with drums alone.
   */
  function isToAsk(nowMs: number): boolean {
    if (music.isForced(nowMs)) return true;
    if (belief.state() === 'none') {
      const mayBeNext = nowMs - trackEndMs <= nextDueMs && talk.asks < talkAsks.most;
      return mayBeNext || !isTalk();
    }
    const dueMs = talkAsks.firstMs + talkAsks.againMs * talk.asks;
    return !talk.isOn || (talk.asks < talkAsks.most && music.talkMs(nowMs) >= dueMs);
  }

  const isTalk = () => talk.isOn || (belief.state() === 'none' && latest?.sound === 'talk');

  function growFrom(atMs: number): void {
    growsFromMs = atMs;
    step = 0;
    promisedMs = atMs + firstClips[0] * 1000;
  }

  function leaveRecalled(heard: HeardHop): void {
    if (leaveAtMs === null) return;
    leaveAtMs = Math.min(leaveAtMs, heard.startMs + leftMs);
    if (heard.endMs < leaveAtMs) return;
    leaveAtMs = null;
    tell(belief.leaveRecalled());
  }

  /** Little sound and then more: perhaps the next track, which is asked about from its first note. */
  function resumed(atMs: number): void {
    beginsMs = [beginsMs[0], ...beginsMs.slice(1).slice(1 - mostGaps), atMs];
    const endMs = belief.expectedEndMs();
    if (endMs !== null && Math.abs(atMs - endMs) > nearEndMs) return;
    gapMs = atMs;
    growFrom(atMs);
  }

  function questionAt(nowMs: number): Clip {
    const unknown = belief.state() === 'none';
    const seconds =
      step < firstClips.length ? firstClips[step] : unknown ? windowSeconds.unknown : windowSeconds.checking;
    let startMs = Math.min(Math.max(growsFromMs, nowMs - seconds * 1000), nowMs - leastClipMs);
    const endMs = belief.expectedEndMs();
    // Once the track should be over, the sound before its end tells nothing about the next one.
    if (endMs !== null && nowMs - endMs >= shortestClipMs) startMs = Math.max(startMs, endMs);
    return { startMs, endMs: nowMs };
  }

  async function ask(nowMs: number): Promise<void> {
    if (state.phase === 'waiting' || state.phase === 'paused') return;
    const { onsetMs } = state;
    promisedMs = Number.POSITIVE_INFINITY;
    const clip = questionAt(nowMs);
    if (clip.endMs - clip.startMs < shortestClipMs) {
      enter({ ...state, dueMs: clip.startMs + leastClipMs });
      return;
    }
    const asked = stretch;
    asking = true;
    if (isTalk()) talk = { ...talk, asks: talk.asks + 1 };
    if (belief.state() !== 'confirmed') enter({ phase: 'scanning', onsetMs, dueMs: nowMs });
    const endMs = belief.expectedEndMs();
    const afterGap = endMs !== null && gapMs >= endMs - nearEndMs;
    const result = await answerTo(clip, {
      belief: belief.state(),
      heardMs: nowMs - onsetMs,
      afterGap,
      talkUntilMs: talk.untilMs,
    });
    if (asked !== stretch) return;
    asking = false;
    conclude(clip, result, onsetMs);
  }

  /** It may be a spoken record, or a track that begins with noise: the user's own index is asked, and a match makes it music. */
  async function look(clip: Clip): Promise<void> {
    const asked = stretch;
    const result = await answerTo(clip, { belief: 'none', heardMs: 0, onlyLocal: true });
    if (asked !== stretch || state.phase !== 'waiting' || result.kind !== 'match') return;
    if (!latest) return;
    music.force(latest);
    beginStretch(clip.startMs);
    conclude(clip, result, clip.startMs);
  }

  function decide(clip: Clip, result: Identification, onsetMs: number): void {
    if (result.kind === 'cannot_tell') return;
    tell(belief.answer(clip, result.kind === 'match' ? result.match : null, onsetMs));
  }

  function conclude(clip: Clip, result: Identification, onsetMs: number): void {
    const before = belief.state();
    if (talk.isOn && result.kind === 'match') music.isTrack(clip.endMs);
    else if (talk.isOn && !music.isForced(clip.endMs) && isOver(clip, result)) {
      endStretch(music.end());
      return;
    }
    decide(clip, result, onsetMs);
    if (before === 'confirmed' && belief.state() === 'none') {
      // The track is over and another sound goes on: asked about as if it had just begun.
      growsFromMs = clip.startMs;
      step = 0;
    }
    enter(next(clip, onsetMs));
  }

  /** Whether there is nothing but talk any more. A track that a service named the index does not know: that needs a gap. */
  function isOver(clip: Clip, result: Identification): boolean {
    if (talk.asks === 0) return false;
    const fromMs = clip.endMs - music.talkMs(clip.endMs);
    const isAfterGap = beginsMs.slice(1).some((ms) => Math.abs(fromMs - ms) <= talkAsks.gapMs);
    return isAfterGap || (result.kind === 'no_match' && talk.asks >= talkAsks.most);
  }

  function next(clip: Clip, onsetMs: number): Listening {
    const nowMs = clip.endMs;
    if (belief.state() === 'confirmed') {
      step = firstClips.length;
      unknownRounds = 0;
      return { phase: 'resting', onsetMs, dueMs: Math.max(nextCheckMs(nowMs), nowMs + 500) };
    }
    if (belief.state() === 'tentative') {
      step = Math.max(step, 1);
      return { phase: 'scanning', onsetMs, dueMs: nowMs + pauseMs.tentative };
    }
    step += 1;
    if (step < firstClips.length) {
      const dueMs = Math.max(nowMs + 500, growsFromMs + firstClips[step] * 1000);
      return { phase: 'scanning', onsetMs, dueMs };
    }
    unknownRounds += 1;
    const pause = Math.min(pauseMs.unknownMost, pauseMs.unknown + 1000 * Math.floor(unknownRounds / 4));
    return { phase: 'resting', onsetMs, dueMs: nowMs + pause };
  }

  function nextCheckMs(nowMs: number): number {
    const endMs = belief.expectedEndMs();
    const dueMs = nowMs + (belief.inDoubt() ? pauseMs.doubt : pauseMs.known);
    if (endMs === null) return dueMs;
    return nowMs < endMs + nextTrackMs ? Math.min(dueMs, endMs + nextTrackMs) : nowMs + pauseMs.pastEnd;
  }

  return {
    hop,
    state: () => state,
    /** When the music that is on began, and when it came back after the last gaps in it; null without music. */
    begins: (): Begins | null => ('onsetMs' in state ? beginsMs : null),
    /** An answer that came beside the turn, as from a service; void when the music that it is about has ended. */
    answer(clip: Clip, result: Identification): void {
      if (state.phase === 'waiting' || state.phase === 'paused' || clip.startMs < state.onsetMs - 1) return;
      decide(clip, result, state.onsetMs);
      onState(state);
    },
    /** Asks nobody until it is told to go on; what is on the display ends. */
    pause(): void {
      if (state.phase === 'paused') return;
      if (state.phase !== 'waiting') endStretch(music.end());
      enter({ phase: 'paused' });
    },
    goOn(): void {
      if (state.phase === 'paused') enter({ phase: 'waiting', why: music.reason() });
    },
    /** Ends the pause before the next question, one that a person made, and doubts whether this is music. */
    scanNow(): void {
      if (state.phase === 'paused') {
        enter({ phase: 'waiting', why: music.reason() });
        return;
      }
      if (state.phase === 'waiting') {
        if (!latest || latest.sound === 'quiet') return;
        const turn = music.force(latest);
        if (turn.kind === 'began') beginStretch(turn.onsetMs);
        return;
      }
      unknownRounds = 0;
      if (latest) music.goOn(latest.endMs);
      enter({ ...state, dueMs: Number.NEGATIVE_INFINITY });
    },
    /** The input ended, went away or was changed. */
    stop(atMs: number): void {
      if (state.phase !== 'waiting' && state.phase !== 'paused') endStretch(Math.min(atMs, music.end()));
      latest = null;
    },
  };
}
export type Listener = ReturnType<typeof createListener>;
