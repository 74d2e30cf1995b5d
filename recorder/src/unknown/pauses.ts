import type { HeardHop } from '../stretch.ts';

/**
 * Between two tracks there is only the groove: 15 dB below the music, as the listener has it, for so long at least; and the
 * gate, which looks back two seconds, hears no music for so many hops. Soft music in a track has notes.
 */
const pause = { share: 0.178, ms: 1200, hops: 2 };
/** The level of the music follows it in about so many hops, and stays as it is in a pause. */
const levelHops = 40;
/** Soft music that goes on for so long is the level from then on. */
const softMs = 8000;

/** Finds the pauses between tracks of a record whose groove is far from silent. Pure: its clock is the sound's. */
export function createPauses() {
  let level = 0;
  let fullMs = 0;
  let emptyHops = 0;
  let emptyMs = 0;

  return {
    /** Music of this level begins. */
    begin(rms: number, nowMs: number): void {
      level = rms;
      fullMs = nowMs;
      emptyHops = 0;
    },
    /** To be called while there is music. Gives the pause that is now over, or null. */
    hop({ startMs, endMs, rms, sound }: HeardHop): { fromMs: number; toMs: number } | null {
      const isFull = rms >= pause.share * level;
      if (!isFull && (sound === 'noise' || sound === 'quiet' || sound === 'hum')) {
        emptyHops += 1;
        emptyMs = endMs;
      }
      const isSoft = !isFull && sound === 'music' && endMs - fullMs >= softMs;
      if (!isFull && !isSoft) return null;
      const toMs = isFull ? startMs : emptyMs;
      const found = emptyHops >= pause.hops && toMs - fullMs >= pause.ms ? { fromMs: fullMs, toMs } : null;
      level = isSoft ? rms : level + (rms - level) / levelHops;
      fullMs = endMs;
      emptyHops = 0;
      return found;
    },
  };
}
