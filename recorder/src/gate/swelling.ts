/** A groove is known after two seconds of it; then its level is followed, slowly where the sound is far louder. */
const groove = { hops: 8, first: 0.3, follow: 0.2, louder: 0.01 };
/** So far above the groove, for two seconds, with so many steps of so many dB from hop to hop; a knob that is turned makes one. */
const swell = { overGrooveDb: 6, hops: 8, steps: 3, stepDb: 1.5 };
/** What moves more within a tenth of a second may be talk. */
const talkDb = 3;

/** A hop: what it sounds like, its level and how it changes from frame to frame (dB), as in `Heard`. */
type SwellHop = { isNoise: boolean; mayBeMusic: boolean; db: number; change: number };

/**
 * Finds noise that swells as no groove does, far above the groove that was heard before: the sea, applause, rain, as tracks
 * begin and end with.
 */
export function createSwelling() {
  const levels = new Float64Array(swell.hops);
  let known = 0;
  let grooveDb = 0;
  let hops = 0;

  function followGroove(db: number): void {
    if (known < groove.hops) {
      grooveDb = known === 0 ? db : grooveDb + groove.first * (db - grooveDb);
      known += 1;
      return;
    }
    const isLouder = db >= grooveDb + swell.overGrooveDb;
    grooveDb += (isLouder ? groove.louder : groove.follow) * (db - grooveDb);
  }

  function steps(): number {
    let count = 0;
    for (let i = hops - swell.hops + 1; i < hops; i += 1)
      if (Math.abs(levels[i % swell.hops] - levels[(i - 1) % swell.hops]) >= swell.stepDb) count += 1;
    return count;
  }

  return {
    clear(): void {
      known = 0;
      hops = 0;
    },
    judge({ isNoise, mayBeMusic, db, change }: SwellHop): boolean {
      if (isNoise) followGroove(db);
      const isOver = known >= groove.hops && db >= grooveDb + swell.overGrooveDb;
      if (!isOver || !(isNoise || mayBeMusic) || change >= talkDb) {
        hops = 0;
        return false;
      }
      levels[hops % swell.hops] = db;
      hops += 1;
      return hops >= swell.hops && steps() >= swell.steps;
    },
  };
}
