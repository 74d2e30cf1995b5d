import type { Stretch } from '../learn/hear.ts';
import type { HeardHop } from '../stretch.ts';
import { longestMs } from './hearings.ts';
import { createPauses } from './pauses.ts';

/** A pause between two tracks is at least so long; silence inside one seldom is. */
const gapMs = 1200;
/** Quiet is 32 dB below what went before: the groove between two tracks is louder than an idle input. */
const quietShare = 0.025;
/** The level of what went before follows the sound in about so many hops. */
const levelHops = 40;
/** Much softer music after a pause begins all the same after so long. */
const longGapMs = 8000;
/** Talk, or noise as loud as the music, ends it after so long: drums and distorted guitars may pass for either. */
const doubtMs = { talk: 15_000, noise: 30_000 };
/** The gate may take so long to be sure that this is music; what was before is as loud then. */
const lookBack = { ms: 15_000, share: 0.1 };
/** A pause over a groove that is not silent ends a track only after so long: short pieces are of no use. */
const shortestBeforePauseMs = 20_000;
/** Music that begins so soon after that in which an earlier process was killed is its rest. */
const restMs = 30_000;
/** Until then it may be told that it has begun. */
export const restToldMs = restMs + lookBack.ms;

type StretchOptions = {
  /** Music begins; what is open when the process is killed has to be found again from here. */
  onOpen(fromMs: number): void;
  onEnd(stretch: Stretch): void;
};

/**
 * Cuts what is heard into stretches of music: at silence, at pauses between tracks, at latest after ten minutes. More
 * patient than whoever decides when to ask: what is kept for nothing can be deleted, what is not kept is lost.
 */
export function createStretches({ onOpen, onEnd }: StretchOptions) {
  let open: { fromMs: number; aliveMs: number; musicMs: number } | null = null;
  let recentHops: HeardHop[] = [];
  let lastOnsetMs: number | null = null;
  let endedMs = 0;
  let lastLoudMs = 0;
  let level = 0;
  /** The music in which an earlier process was killed. */
  let interrupted: Stretch | null = null;
  const pauses = createPauses();

  function begin(beginsMs: number, nowMs: number): void {
    const fromMs = interrupted && beginsMs - interrupted.toMs <= restMs ? interrupted.fromMs : beginsMs;
    if (fromMs === beginsMs) giveUp();
    interrupted = null;
    open = { fromMs, aliveMs: nowMs, musicMs: nowMs };
    pauses.begin(level, nowMs);
    onOpen(fromMs);
  }

  function giveUp(): void {
    if (interrupted) onEnd(interrupted);
    interrupted = null;
  }

  function end(toMs: number): void {
    if (!open) return;
    const { fromMs } = open;
    open = null;
    endedMs = toMs;
    onEnd({ fromMs, toMs: Math.max(fromMs, toMs) });
  }

  /** Where the sound began that was found to be music from `onsetMs` on. */
  function beginning(onsetMs: number, rms: number): number {
    let fromMs = onsetMs;
    for (const hop of recentHops.toReversed()) {
      if (hop.startMs >= fromMs) continue;
      const isSame = hop.rms >= lookBack.share * rms && isAlive(hop);
      if (!isSame || hop.startMs < endedMs || onsetMs - hop.startMs > lookBack.ms) break;
      fromMs = hop.startMs;
    }
    return fromMs;
  }

  function goOn(hop: HeardHop, isMusic: boolean): void {
    if (!open) return;
    const { endMs } = hop;
    if (isAlive(hop)) open.aliveMs = endMs;
    if (isMusic) open.musicMs = endMs;
    const pause = pauses.hop(hop);
    if (pause && pause.fromMs - open.fromMs >= shortestBeforePauseMs) {
      end(pause.fromMs);
      begin(pause.toMs, endMs);
      return;
    }
    if (endMs - lastLoudMs >= gapMs) end(lastLoudMs);
    else if (endMs - open.aliveMs >= doubtMs.talk) end(open.aliveMs);
    else if (endMs - open.musicMs >= doubtMs.noise) end(open.musicMs);
  }

  return {
    /** `onsetMs`: when the music that is on began; null when there is none. */
    hop(hop: HeardHop, onsetMs: number | null): void {
      const { startMs, endMs, rms } = hop;
      if (!open && onsetMs !== null && onsetMs !== lastOnsetMs) level = rms;
      if (rms > 0 && endMs - lastLoudMs > longGapMs) level = rms;
      const isLoud = rms >= quietShare * level && rms > 0;
      if (isLoud) {
        lastLoudMs = endMs;
        if (!open && onsetMs !== null)
          begin(onsetMs === lastOnsetMs ? startMs : beginning(onsetMs, rms), endMs);
        if (open) level += (rms - level) / levelHops;
      }
      goOn(hop, onsetMs !== null);
      if (open && endMs - open.fromMs >= longestMs) {
        end(endMs);
        begin(endMs, endMs);
      }
      lastOnsetMs = onsetMs ?? lastOnsetMs;
      recentHops = open ? [] : [...recentHops.filter((each) => endMs - each.endMs < lookBack.ms), hop];
    },
    /** An earlier process was killed in this music, of which the rest may be heard now. */
    goesOn(stretch: Stretch): void {
      interrupted = stretch;
    },
    /** There is no rest of it. */
    giveUp,
    /** The input ended or went away, or a person paused. */
    stop: (): void => end(lastLoudMs),
  };
}

const isAlive = ({ sound }: HeardHop) => sound !== 'quiet' && sound !== 'hum' && sound !== 'talk';
