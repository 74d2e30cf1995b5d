import type { ProviderState } from '@pidentify/contracts';
import { z } from 'zod';
import type { Trouble } from '../identify.ts';
import { breakerMemorySchema, createBreaker } from './limits-breaker.ts';
import { type BucketSize, bucketMemorySchema, createBucket } from './limits-bucket.ts';
import { localDay, nextMidnightMs } from './limits-day.ts';

/** What of a gate outlives the process: a restart, and be it one after the other, is no way around any limit. */
export const gateMemorySchema = z.object({
  day: z.string(),
  calls: z.number(),
  waitUntilMs: z.number(),
  /** The service's words for that; older memories have none. */
  waitWhy: z.string().default('It asked to be left alone for a while.'),
  bucket: bucketMemorySchema.nullable(),
  breaker: breakerMemorySchema.nullable(),
  /** What was wrong last. */
  lastFault: z.string(),
  /** The key is not known to the service. */
  refused: z.object({ why: z.string(), atMs: z.number() }).nullable(),
});
export type GateMemory = z.infer<typeof gateMemorySchema>;

/** How a call went. `waitMs`: how long the service asked to be left alone. */
export type Outcome = { trouble: Trouble; why: string; waitMs?: number } | 'answered' | 'cancelled';

export type Gate = {
  state: Extract<ProviderState, 'ready' | 'waiting' | 'failing' | 'key_refused' | 'budget_used'>;
  /** Why, for people, where the state does not say it. */
  why: string | null;
  untilMs: number | null;
};

/** Waits after "too many requests" without a time to come back. */
const politeMs = 60_000;
/** A refused key is tried once more so long after: it may have been paid for. */
const refusalMs = 24 * 60 * 60_000;
/** Nobody is left alone for longer, whatever they asked. */
const longestWaitMs = 24 * 60 * 60_000;

const fresh: GateMemory = {
  day: '',
  calls: 0,
  waitUntilMs: 0,
  waitWhy: '',
  bucket: null,
  breaker: null,
  lastFault: '',
  refused: null,
};

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
  let memory: GateMemory = recalled ?? fresh;
  const bucket = createBucket(size, memory.bucket);
  const breaker = createBreaker(random, memory.breaker);

  function keep(change: Partial<GateMemory>): void {
    memory = { ...memory, ...change, bucket: bucket.memory(), breaker: breaker.memory() };
    remember(memory);
  }

  const callsToday = (nowMs: number) => (memory.day === localDay(nowMs) ? memory.calls : 0);

  function look(nowMs: number): Gate {
    // Older, or that far in the future: the clock was set back meanwhile.
    if (memory.refused && Math.abs(nowMs - memory.refused.atMs) < refusalMs) {
      const { why, atMs } = memory.refused;
      return { state: 'key_refused', why, untilMs: atMs + refusalMs };
    }
    if (callsToday(nowMs) >= budget()) {
      return { state: 'budget_used', why: null, untilMs: nextMidnightMs(nowMs) };
    }
    const leftMs = memory.waitUntilMs - nowMs;
    // More than the longest wait: the clock was set back meanwhile.
    if (leftMs > 0 && leftMs <= longestWaitMs) {
      return { state: 'waiting', why: memory.waitWhy, untilMs: memory.waitUntilMs };
    }
    const circuit = breaker.state(nowMs);
    if (circuit.state === 'open')
      return { state: 'failing', why: memory.lastFault, untilMs: circuit.untilMs };
    const freeMs = bucket.freeMs(nowMs);
    if (freeMs > nowMs || !breaker.lets(nowMs)) {
      return { state: 'waiting', why: 'It was asked a moment ago.', untilMs: Math.max(freeMs, nowMs + 1000) };
    }
    return { state: 'ready', why: null, untilMs: null };
  }

  function wait(nowMs: number, untilMs: number, why: string): void {
    keep({ waitWhy: why, waitUntilMs: Math.min(untilMs, nowMs + longestWaitMs) });
  }

  return {
    look,
    callsToday,
    /** A refused key may be tried again at once; every other limit stays. */
    forgetRefusal(): void {
      if (memory.refused) keep({ refused: null });
    },
    /** A call begins: it counts, however it ends. */
    begin(nowMs: number): void {
      bucket.take(nowMs);
      breaker.begin();
      keep({ day: localDay(nowMs), calls: callsToday(nowMs) + 1 });
    },
    /** A call has ended. */
    end(nowMs: number, outcome: Outcome): void {
      if (outcome === 'cancelled') {
        breaker.undecided();
        return;
      }
      if (outcome === 'answered' || outcome.trouble === 'sound') {
        breaker.success();
        keep({ refused: null });
        return;
      }
      const { trouble, why, waitMs } = outcome;
      if (trouble === 'fault') {
        breaker.fault(nowMs);
        keep({ lastFault: why });
        return;
      }
      breaker.undecided();
      if (trouble === 'key') keep({ refused: { why, atMs: nowMs } });
      else if (trouble === 'quota') wait(nowMs, nextMidnightMs(nowMs), why);
      else if (trouble === 'busy') wait(nowMs, nowMs + (waitMs ?? politeMs), why);
    },
  };
}
export type ServiceGate = ReturnType<typeof createGate>;
