import type { ProviderState } from '@pidentify/contracts';
import type { Trouble } from '../identify.ts';
import { createBreaker } from './limits-breaker.ts';
import { type BucketSize, createBucket } from './limits-bucket.ts';
import { localDay, nextMidnightMs } from './limits-day.ts';

/** What of a gate outlives the process: a restart is no way around a budget or a Retry-After. */
export type GateMemory = { day: string; calls: number; waitUntilMs: number };

/** How a call went. `waitMs`: how long the service asked to be left alone. */
export type Outcome = { trouble: Trouble; why: string; waitMs?: number } | 'answered';

export type Gate = {
  state: Extract<ProviderState, 'ready' | 'waiting' | 'failing' | 'key_refused' | 'budget_used'>;
  /** Why, for people, where the state does not say it. */
  why: string | null;
  untilMs: number | null;
};

/** Waits after "too many requests" without a time to come back. */
const politeMs = 60_000;
/** Nobody is left alone for longer, whatever they asked. */
const longestWaitMs = 24 * 60 * 60_000;

type GateOptions = {
  /** Calls a day. */
  budget(): number;
  bucket: BucketSize;
  random(): number;
  recalled: GateMemory | null;
  remember(memory: GateMemory): void;
};

/** Whether a service may be asked now, and why not: all its limits in one place. Pure but for `remember`. */
export function createGate({ budget, bucket: size, random, recalled, remember }: GateOptions) {
  const bucket = createBucket(size);
  const breaker = createBreaker(random);
  let memory: GateMemory = recalled ?? { day: '', calls: 0, waitUntilMs: 0 };
  let waitWhy = 'It asked to be left alone for a while.';
  let refused: string | null = null;
  let lastFault = '';

  function keep(change: Partial<GateMemory>): void {
    memory = { ...memory, ...change };
    remember(memory);
  }

  const callsToday = (nowMs: number) => (memory.day === localDay(nowMs) ? memory.calls : 0);

  function look(nowMs: number): Gate {
    if (refused !== null) return { state: 'key_refused', why: refused, untilMs: null };
    if (callsToday(nowMs) >= budget()) {
      return { state: 'budget_used', why: null, untilMs: nextMidnightMs(nowMs) };
    }
    const leftMs = memory.waitUntilMs - nowMs;
    // More than the longest wait: the clock was set back meanwhile.
    if (leftMs > 0 && leftMs <= longestWaitMs) {
      return { state: 'waiting', why: waitWhy, untilMs: memory.waitUntilMs };
    }
    const circuit = breaker.state(nowMs);
    if (circuit.state === 'open') return { state: 'failing', why: lastFault, untilMs: circuit.untilMs };
    const freeMs = bucket.freeMs(nowMs);
    if (freeMs > nowMs || !breaker.lets(nowMs)) {
      return { state: 'waiting', why: 'It was asked a moment ago.', untilMs: Math.max(freeMs, nowMs + 1000) };
    }
    return { state: 'ready', why: null, untilMs: null };
  }

  function wait(nowMs: number, untilMs: number, why: string): void {
    waitWhy = why;
    keep({ waitUntilMs: Math.min(untilMs, nowMs + longestWaitMs) });
  }

  return {
    look,
    callsToday,
    /** A call begins: it counts, however it ends. */
    begin(nowMs: number): void {
      bucket.take(nowMs);
      breaker.begin();
      keep({ day: localDay(nowMs), calls: callsToday(nowMs) + 1 });
    },
    /** A call has ended. */
    end(nowMs: number, outcome: Outcome): void {
      if (outcome === 'answered' || outcome.trouble === 'sound') {
        breaker.success();
        return;
      }
      const { trouble, why, waitMs } = outcome;
      if (trouble === 'fault') {
        lastFault = why;
        breaker.fault(nowMs);
        return;
      }
      breaker.undecided();
      if (trouble === 'key') refused = why;
      else if (trouble === 'quota') wait(nowMs, nextMidnightMs(nowMs), why);
      else if (trouble === 'busy') wait(nowMs, nowMs + (waitMs ?? politeMs), why);
    },
  };
}
export type ServiceGate = ReturnType<typeof createGate>;
