const pausesMs = [100, 500, 1_000, 2_000, 5_000];
const mostDeaths = 8;
const withinMs = 120_000;
/** A service that ran as long as this has left its trouble behind. */
const soundMs = 60_000;

/** When to start a service again that died by itself. */
export type RestartPolicy = {
  /** Milliseconds to wait after a life of `ranMs`; null: give up. */
  afterDeath: (ranMs: number) => number | null;
  /** Forgets all deaths. */
  reset: () => void;
};

/** Growing pauses, and no more than 8 deaths within 2 minutes. `now` is monotonic, in milliseconds. */
export function createRestartPolicy(now: () => number): RestartPolicy {
  let deaths: number[] = [];
  return {
    afterDeath: (ranMs) => {
      if (ranMs >= soundMs) deaths = [];
      deaths = [...deaths.filter((at) => now() - at < withinMs), now()];
      if (deaths.length >= mostDeaths) return null;
      return pausesMs[Math.min(deaths.length, pausesMs.length) - 1];
    },
    reset: () => {
      deaths = [];
    },
  };
}
