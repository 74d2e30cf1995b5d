const windowMs = 5_000;
/** Less than this may be the sound card's clock or a slow wake-up. */
const leastMs = 200;

/**
 * Notices frames that never arrived: blocks are delivered late by a varying amount, but when even the
 * earliest block of several seconds is much later than before, as many frames are missing.
 */
export function createLossMeter(sampleRate: number) {
  let frames = 0;
  let baseline = Number.POSITIVE_INFINITY;
  let earliest = Number.POSITIVE_INFINITY;
  let windowEnds = Number.NaN;
  return {
    /** Counts a block; returns how many frames are missing, at most once a window, else 0. */
    count(blockFrames: number, monotonicMs: number): number {
      frames += blockFrames;
      const lateness = monotonicMs - (frames / sampleRate) * 1000;
      earliest = Math.min(earliest, lateness);
      if (Number.isNaN(windowEnds)) windowEnds = monotonicMs + windowMs;
      if (monotonicMs < windowEnds) return 0;
      const missingMs = earliest - baseline;
      // Following every window keeps pace with a clock that runs a little slow.
      baseline = earliest;
      earliest = Number.POSITIVE_INFINITY;
      windowEnds = monotonicMs + windowMs;
      return missingMs > leastMs ? Math.round((missingMs / 1000) * sampleRate) : 0;
    },
  };
}
