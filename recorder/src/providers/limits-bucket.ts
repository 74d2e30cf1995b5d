import { z } from 'zod';

/** At most `most` calls at once, and one more each `everyMs`. */
export type BucketSize = { most: number; everyMs: number };

/** What of a bucket outlives the process. */
export const bucketMemorySchema = z.object({ tokens: z.number(), filledMs: z.number() });
export type BucketMemory = z.infer<typeof bucketMemorySchema>;

/** A token bucket: https://en.wikipedia.org/wiki/Token_bucket. Times are wall-clock ms. */
export function createBucket({ most, everyMs }: BucketSize, recalled: BucketMemory | null = null) {
  let { tokens, filledMs } = recalled ?? { tokens: most, filledMs: 0 };

  function fill(nowMs: number): void {
    // A clock that was set back must not empty the bucket for the time that it was set back.
    const passedMs = Math.max(0, nowMs - filledMs);
    tokens = Math.min(most, tokens + passedMs / everyMs);
    filledMs = nowMs;
  }

  return {
    memory: (): BucketMemory => ({ tokens, filledMs }),
    take(nowMs: number): void {
      fill(nowMs);
      tokens -= 1;
    },
    /** When a call may be made; not after `nowMs`: at once. */
    freeMs(nowMs: number): number {
      fill(nowMs);
      // A token that is whole but for the rounding of many small sums is whole.
      const missing = 1 - tokens - 1e-6;
      return missing <= 0 ? nowMs : nowMs + Math.ceil(missing * everyMs);
    },
  };
}
