import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Belief, Clip, ClipMatch, Decision } from './belief.ts';
import type { Hop } from './ear.ts';
import type { Circumstances } from './identify.ts';

/** What a round of asking gave: a match, none, or nobody could tell (then nothing follows from it). */
export type Identification =
  | { kind: 'match'; match: ClipMatch; track?: IdentifiedTrack }
  | { kind: 'no_match' }
  | { kind: 'cannot_tell' };

/**
 * `waiting`: it is quiet; `scanning`: sound, and a clip is being collected or asked about; `resting`: knows
 * what plays, or could not find out, and pauses before it asks again; `paused`: a person said so.
 */
export type Listening =
  | { phase: 'paused' }
  | { phase: 'waiting' }
  | { phase: 'scanning'; onsetMs: number; dueMs: number }
  | { phase: 'resting'; onsetMs: number; dueMs: number };

/** Seconds of sound in the first questions after the music began; then a window of the last seconds. */
const firstClips = [3, 5, 8, 12];
const windowSeconds = { checking: 5, unknown: 9 };
const pauseMs = { known: 4000, doubt: 2000, tentative: 3000, unknown: 4000, unknownMost: 12_000 };
/** Two of four hops must be loud, so that a click does not start a scan. */
const onsetHops = { loud: 2, of: 4 };
const quietMs = 3500;
const shortestClipMs = 2500;
/** A question for the next track of a record is asked this long after the expected end of the last one. */
const nextTrackMs = 3000;

type ListenOptions = {
  /** RMS, full scale 1, below which it is quiet. */
  threshold(): number;
  belief: Belief;
  identify(clip: Clip, circumstances: Circumstances): Promise<Identification>;
  onDecisions(decisions: Decision[]): void;
  onState(state: Listening): void;
};

/**
 * When to listen. Driven by the sound itself: every hop may begin or end a stretch of music or make a
 * question due. At most one question is under way.
 */
export function createListener({ threshold, belief, identify, onDecisions, onState }: ListenOptions) {
  let state: Listening = { phase: 'waiting' };
  let recent: boolean[] = [];
  let lastLoudMs = Number.NEGATIVE_INFINITY;
  let asking = false;
  let step = 0;
  let unknownRounds = 0;
  /** Answers to questions of an earlier stretch of music are void. */
  let stretch = 0;

  function enter(next: Listening): void {
    state = next;
    onState(state);
  }

  function beginStretch(onsetMs: number): void {
    step = 0;
    unknownRounds = 0;
    stretch += 1;
    enter({ phase: 'scanning', onsetMs, dueMs: onsetMs + firstClips[0] * 1000 });
  }

  function endStretch(atMs: number): void {
    stretch += 1;
    asking = false;
    recent = [];
    enter({ phase: 'waiting' });
    const decisions = belief.silence(atMs);
    if (decisions.length > 0) onDecisions(decisions);
  }

  function hop({ startMs, endMs, rms }: Hop): void {
    if (state.phase === 'paused') return;
    const loud = rms >= threshold();
    if (loud) lastLoudMs = endMs;
    if (state.phase === 'waiting') {
      recent = [...recent.slice(1 - onsetHops.of), loud];
      if (recent.filter(Boolean).length < onsetHops.loud) return;
      const hopMs = endMs - startMs;
      beginStretch(endMs - hopMs * (recent.length - recent.indexOf(true)));
      return;
    }
    if (endMs - lastLoudMs >= quietMs) endStretch(lastLoudMs);
    else if (!asking && endMs >= state.dueMs) void ask(endMs);
  }

  function questionAt(nowMs: number, onsetMs: number): Clip {
    const unknown = belief.state() === 'none';
    const seconds =
      step < firstClips.length ? firstClips[step] : unknown ? windowSeconds.unknown : windowSeconds.checking;
    let startMs = Math.max(onsetMs, nowMs - seconds * 1000);
    const endMs = belief.expectedEndMs();
    // Once the track should be over, the sound before its end tells nothing about the next one.
    if (endMs !== null && nowMs - endMs >= shortestClipMs) startMs = Math.max(startMs, endMs);
    return { startMs, endMs: nowMs };
  }

  async function ask(nowMs: number): Promise<void> {
    if (state.phase === 'waiting' || state.phase === 'paused') return;
    const { onsetMs } = state;
    const clip = questionAt(nowMs, onsetMs);
    if (clip.endMs - clip.startMs < shortestClipMs) {
      enter({ ...state, dueMs: clip.startMs + firstClips[0] * 1000 });
      return;
    }
    const asked = stretch;
    asking = true;
    if (belief.state() !== 'confirmed') enter({ phase: 'scanning', onsetMs, dueMs: nowMs });
    const result = await identify(clip, { belief: belief.state(), heardMs: nowMs - onsetMs });
    if (asked !== stretch) return;
    asking = false;
    conclude(clip, result, onsetMs);
  }

  function decide(clip: Clip, result: Identification): void {
    if (result.kind === 'cannot_tell') return;
    const decisions = belief.answer(clip, result.kind === 'match' ? result.match : null);
    if (decisions.length > 0) onDecisions(decisions);
  }

  function conclude(clip: Clip, result: Identification, onsetMs: number): void {
    decide(clip, result);
    enter(next(clip, onsetMs));
  }

  function next(clip: Clip, onsetMs: number): Listening {
    const nowMs = clip.endMs;
    if (belief.state() === 'confirmed') {
      step = firstClips.length;
      unknownRounds = 0;
      const endMs = belief.expectedEndMs();
      const pause = belief.inDoubt() ? pauseMs.doubt : pauseMs.known;
      const dueMs =
        endMs !== null && nowMs < endMs + nextTrackMs
          ? Math.min(nowMs + pause, endMs + nextTrackMs)
          : nowMs + pause;
      return { phase: 'resting', onsetMs, dueMs: Math.max(dueMs, nowMs + 500) };
    }
    if (belief.state() === 'tentative') {
      step = Math.max(step, 1);
      return { phase: 'scanning', onsetMs, dueMs: nowMs + pauseMs.tentative };
    }
    step += 1;
    if (step < firstClips.length) {
      return { phase: 'scanning', onsetMs, dueMs: Math.max(nowMs + 500, onsetMs + firstClips[step] * 1000) };
    }
    unknownRounds += 1;
    const pause = Math.min(pauseMs.unknownMost, pauseMs.unknown + 1000 * Math.floor(unknownRounds / 4));
    return { phase: 'resting', onsetMs, dueMs: nowMs + pause };
  }

  return {
    hop,
    state: () => state,
    /** An answer that came beside the turn, as from a service; void when the music that it is about has ended. */
    answer(clip: Clip, result: Identification): void {
      if (state.phase === 'waiting' || state.phase === 'paused' || clip.startMs < state.onsetMs - 1) return;
      decide(clip, result);
      onState(state);
    },
    /** Asks nobody until it is told to go on; what is on the display ends. */
    pause(): void {
      if (state.phase === 'paused') return;
      if (state.phase !== 'waiting') endStretch(lastLoudMs);
      enter({ phase: 'paused' });
    },
    goOn(): void {
      if (state.phase === 'paused') enter({ phase: 'waiting' });
    },
    /** Ends the pause before the next question, and one that a person made. */
    scanNow(): void {
      if (state.phase === 'paused') {
        enter({ phase: 'waiting' });
        return;
      }
      if (state.phase === 'waiting') return;
      unknownRounds = 0;
      enter({ ...state, dueMs: Number.NEGATIVE_INFINITY });
    },
    /** The input ended, went away or was changed. */
    stop(atMs: number): void {
      if (state.phase !== 'waiting' && state.phase !== 'paused') endStretch(Math.min(atMs, lastLoudMs));
    },
  };
}
export type Listener = ReturnType<typeof createListener>;
