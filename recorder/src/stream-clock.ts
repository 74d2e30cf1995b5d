const windowMs = 30_000;

/**
 * Wall-clock time of the frames of one stream. Blocks arrive late by a varying amount, never early, so the
 * earliest arrival of the last half minute to a minute is the best estimate; taking the windows' minimum also follows
 * a sound card whose clock runs a little fast or slow.
 */
export function createStreamClock(sampleRate: number) {
  let previous = Number.POSITIVE_INFINITY;
  let current = Number.POSITIVE_INFINITY;
  let windowEndsMs = Number.NEGATIVE_INFINITY;

  return {
    /** Frame `frames` (counted from the start of the stream) had been delivered at `arrivalMs`. */
    observe(frames: number, arrivalMs: number): void {
      const candidate = arrivalMs - (frames / sampleRate) * 1000;
      if (arrivalMs >= windowEndsMs) {
        previous = current;
        current = candidate;
        windowEndsMs = arrivalMs + windowMs;
      } else if (candidate < current) current = candidate;
    },
    /** Epoch milliseconds of frame 0; NaN before the first block. */
    originMs(): number {
      const origin = Math.min(previous, current);
      return Number.isFinite(origin) ? origin : Number.NaN;
    },
  };
}
export type StreamClock = ReturnType<typeof createStreamClock>;
