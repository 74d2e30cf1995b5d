import type { ProviderHealth } from '@pidentify/contracts';
import { askWithin, type CannotTell } from '../identify.ts';
import { iso } from '../iso.ts';
import { createAnswers } from './answers.ts';
import type { Outcome, ServiceGate } from './limits.ts';

/** A service's answer to anything: a match that can be put into words, or none. */
export type Answer =
  | { kind: 'match'; track?: { track_name: string; artist_name?: string | null } }
  | {
      kind: 'no_match';
    };

type DeskOptions = {
  limitMs: number;
  gate: ServiceGate;
  now(): number;
  /** Of each call, once it has ended; not of one that was cancelled. */
  onAnswer(text: string | null, failed: boolean): void;
};

/** One service with its limits: asks it only while they let it, and tells what came of it. */
export function createDesk({ limitMs, gate, now, onAnswer }: DeskOptions) {
  const answers = createAnswers(20);

  function note(answer: Answer | CannotTell, beganMs: number): void {
    const text = textOf(answer);
    const nowMs = now();
    const took = answer.kind === 'cannot_tell' ? null : nowMs - beganMs;
    answers.add({ at: iso(nowMs), kind: answer.kind, text }, took);
    gate.end(nowMs, outcomeOf(answer));
    onAnswer(text, answer.kind === 'cannot_tell');
  }

  return {
    mayAsk: () => gate.look(now()).state === 'ready',
    /** Null: it may not be asked now. Never throws. */
    async ask<A extends Answer>(
      question: (signal: AbortSignal) => Promise<A | CannotTell>,
      cancel: AbortSignal,
    ): Promise<A | CannotTell | null> {
      if (gate.look(now()).state !== 'ready') return null;
      const beganMs = now();
      gate.begin(beganMs);
      const answer = await askWithin(limitMs, question, cancel);
      if (cancel.aborted) gate.end(now(), 'cancelled');
      else note(answer, beganMs);
      return answer;
    },
    health(): Omit<ProviderHealth, 'name' | 'budget'> {
      const { state, why, untilMs } = gate.look(now());
      return {
        state,
        detail: why,
        until: untilMs === null ? null : iso(untilMs),
        calls_today: gate.callsToday(now()),
        ...answers.health(),
      };
    },
  };
}
export type Desk = ReturnType<typeof createDesk>;

function textOf(answer: Answer | CannotTell): string | null {
  if (answer.kind === 'cannot_tell') return answer.why;
  if (answer.kind === 'no_match' || !answer.track) return null;
  const { track_name: title, artist_name: artist } = answer.track;
  return artist ? `${title} by ${artist}` : title;
}

function outcomeOf(answer: Answer | CannotTell): Outcome {
  if (answer.kind !== 'cannot_tell') return 'answered';
  const { trouble = 'fault', why, waitMs } = answer;
  return { trouble, why, ...(waitMs !== undefined && { waitMs }) };
}
