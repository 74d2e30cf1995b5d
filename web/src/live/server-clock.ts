/** Below this the difference is taken for travel time, not for a clock that is wrong. */
const toleratedMs = 1500;
const remembered = 25;

/**
 * The server's clock as far as this page can tell: a phone whose clock is wrong by a minute would
 * otherwise show a wrong progress. The quickest of the last messages gives the best estimate.
 */
export function createServerClock({ now }: { now: () => number }) {
  let differences: number[] = [];
  return {
    /** A message that the server stamped with `at` (ISO 8601) has just arrived. */
    heard(at: string) {
      differences = [...differences.slice(1 - remembered), now() - Date.parse(at)];
    },
    /** ms since 1970 on the server's clock. */
    now(): number {
      if (differences.length === 0) return now();
      const difference = Math.min(...differences);
      return Math.abs(difference) > toleratedMs ? now() - difference : now();
    },
  };
}
export type ServerClock = ReturnType<typeof createServerClock>;
