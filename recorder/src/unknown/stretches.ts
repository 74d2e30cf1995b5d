import type { Hop } from '../ear.ts';
import type { Stretch } from '../learn/hear.ts';

/** A pause between two tracks is at least so long; silence inside one seldom is. */
const gapMs = 1200;
/** Quiet is 32 dB below what went before: the groove between two tracks is louder than an idle input. */
const quietShare = 0.025;
/** The level of what went before follows the sound in about so many hops. */
const levelHops = 40;
/** Much softer music after a pause begins all the same after so long. */
const longGapMs = 8000;
const longestMs = 600_000;

type StretchOptions = {
  /** Music begins; what is open when the process is killed has to be found again from here. */
  onOpen(fromMs: number): void;
  onEnd(stretch: Stretch): void;
};

/** Cuts what is heard into stretches of music: at silence, at pauses between tracks, at latest after ten minutes. */
export function createStretches({ onOpen, onEnd }: StretchOptions) {
  let open: { fromMs: number; onsetMs: number } | null = null;
  let onsetBefore: number | null = null;
  let lastLoudMs = 0;
  let level = 0;

  function begin(fromMs: number, onsetMs: number): void {
    open = { fromMs, onsetMs };
    onOpen(fromMs);
  }

  function end(toMs: number): void {
    if (!open) return;
    const { fromMs } = open;
    open = null;
    onEnd({ fromMs, toMs: Math.max(fromMs, toMs) });
  }

  return {
    /** `onsetMs`: when the music that is on began; null when nothing is listened to. */
    hop({ startMs, endMs, rms }: Hop, onsetMs: number | null): void {
      if (open && onsetMs !== open.onsetMs) end(lastLoudMs);
      if (onsetMs === null) {
        onsetBefore = null;
        return;
      }
      if (onsetMs !== onsetBefore) level = rms;
      if (rms > 0 && endMs - lastLoudMs > longGapMs) level = rms;
      const isLoud = rms >= quietShare * level && rms > 0;
      if (isLoud) {
        if (!open) begin(onsetMs === onsetBefore ? startMs : onsetMs, onsetMs);
        lastLoudMs = endMs;
        level += (rms - level) / levelHops;
      } else if (endMs - lastLoudMs >= gapMs) end(lastLoudMs);
      onsetBefore = onsetMs;
      if (open && endMs - open.fromMs >= longestMs) {
        end(endMs);
        begin(endMs, onsetMs);
      }
    },
    /** The input ended or went away. */
    stop: (): void => end(lastLoudMs),
  };
}
export type Stretches = ReturnType<typeof createStretches>;
