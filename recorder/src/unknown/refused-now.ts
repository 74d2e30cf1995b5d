/** How long after the music it stays refused: by then the index has what was heard, and knows what it is not. */
const refusedMs = 20_000;

/** Tracks that the music which is on is not, because a person said so. `now`: wall clock, ms. */
export function createRefusedNow(now: () => number) {
  const untilMs = new Map<string, number>();

  return {
    has: (trackId: string): boolean => (untilMs.get(trackId) ?? 0) > now(),
    add(trackIds: Iterable<string>): void {
      for (const trackId of trackIds) untilMs.set(trackId, Number.POSITIVE_INFINITY);
    },
    delete: (trackId: string): void => void untilMs.delete(trackId),
    /** The music is over. */
    musicEnded(): void {
      for (const [trackId, until] of untilMs) untilMs.set(trackId, Math.min(until, now() + refusedMs));
    },
  };
}
export type RefusedNow = ReturnType<typeof createRefusedNow>;
