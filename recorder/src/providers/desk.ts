import type { ProviderHealth } from '@pidentify/contracts';
import { askWithin, type CannotTell } from '../identify.ts';
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

const latencies = 20;

/** One service with its limits: asks it only while they let it, and tells what came of it. */
export function createDesk({ limitMs, gate, now, onAnswer }: DeskOptions) {
  let last: ProviderHealth['last_answer'] = null;
  let tookMs: number[] = [];

  function note(answer: Answer | CannotTell, beganMs: number): void {
    const text = textOf(answer);
    last = { at: new Date(now()).toISOString(), kind: answer.kind, text };
    if (answer.kind !== 'cannot_tell') tookMs = [...tookMs.slice(1 - latencies), now() - beganMs];
    gate.end(now(), outcomeOf(answer));
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
        until: untilMs === null ? null : new Date(untilMs).toISOString(),
        calls_today: gate.callsToday(now()),
        last_answer: last,
        median_ms: median(tookMs),
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

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)]);
}
