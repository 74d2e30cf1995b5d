import { z } from 'zod';

const faultsToOpen = 3;
const firstPauseMs = 30_000;
const longestPauseMs = 60 * 60_000;
/** Each pause is this much longer or shorter by chance, so that not all who were refused at once come back at once. */
const jitter = 0.25;

/** What of a circuit outlives the process: failures in a row, how often it opened since one call succeeded, until when. */
export const breakerMemorySchema = z.object({
  faults: z.number(),
  openings: z.number(),
  untilMs: z.number(),
});
export type BreakerMemory = z.infer<typeof breakerMemorySchema>;

/**
 * A circuit breaker (Nygard, Release It!, 2007). `closed`: calls go through; `open`: none does after three failures in a
 * row, for 30 s at first and twice as long each time up to an hour; `half_open`: one call may try, and decides.
 */
export type Circuit = { state: 'closed' } | { state: 'open'; untilMs: number } | { state: 'half_open' };

export function createBreaker(random: () => number, recalled: BreakerMemory | null = null) {
  let { faults, openings, untilMs } = recalled ?? { faults: 0, openings: 0, untilMs: 0 };
  let trying = false;

  /** More than the longest pause: the clock was set back meanwhile. */
  const isOpen = (nowMs: number) => nowMs < untilMs && untilMs - nowMs <= longestPauseMs * (1 + jitter);

  function open(nowMs: number): void {
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** openings);
    openings += 1;
    untilMs = nowMs + pause * (1 - jitter + 2 * jitter * random());
    trying = false;
  }

  return {
    memory: (): BreakerMemory => ({ faults, openings, untilMs }),
    state(nowMs: number): Circuit {
      if (openings === 0) return { state: 'closed' };
      return isOpen(nowMs) ? { state: 'open', untilMs } : { state: 'half_open' };
    },
    /** Whether a call may go through now; the one try of a half-open circuit is one. */
    lets(nowMs: number): boolean {
      return openings === 0 || (!isOpen(nowMs) && !trying);
    },
    begin(): void {
      trying = openings > 0;
    },
    success(): void {
      faults = 0;
      openings = 0;
      trying = false;
    },
    fault(nowMs: number): void {
      faults += 1;
      if (openings > 0 || faults >= faultsToOpen) open(nowMs);
    },
    /** A try that told nothing about the service. */
    undecided(): void {
      trying = false;
    },
  };
}
