import type { PcmFormat } from '../pcm/format.ts';
import type { FrameRange, Run } from './run.ts';

/** A wished stretch of time, epoch ms. */
export type Wish = { fromMs: number; toMs: number };

/** A stretch of one run; its files are kept until it has been read or released. */
export type BufferTake = FrameRange & {
  format: PcmFormat;
  /** Wall-clock time (epoch ms) of the first and behind the last frame. */
  startedAtMs: number;
  endsAtMs: number;
  /** False when frames are known to be missing inside. */
  clean: boolean;
  /** False when the wished stretch was not wholly there. */
  complete: boolean;
  frames(): AsyncGenerator<Uint8Array, void>;
  release(): void;
};

/** The part of a wish that lies in the run that holds most of it; null when none does. */
export function bestTake(runs: readonly Run[], { fromMs, toMs }: Wish): BufferTake | null {
  let best: { run: Run; range: FrameRange; seconds: number } | null = null;
  for (const run of runs) {
    const range = {
      fromFrame: Math.max(run.firstFrame, run.timeline.frameAt(fromMs)),
      toFrame: Math.min(run.endFrame, run.timeline.frameAt(toMs)),
    };
    const seconds = (range.toFrame - range.fromFrame) / run.format.sampleRate;
    if (seconds > (best?.seconds ?? 0)) best = { run, range, seconds };
  }
  return best && toTake({ run: best.run, range: best.range, wish: { fromMs, toMs } });
}

function toTake({ run, range, wish }: { run: Run; range: FrameRange; wish: Wish }): BufferTake {
  const release = run.pin(range);
  const { timeline } = run;
  return {
    ...range,
    format: run.format,
    startedAtMs: timeline.msOf(range.fromFrame),
    endsAtMs: timeline.msOf(range.toFrame),
    clean: run.isClean(range),
    complete:
      range.fromFrame === timeline.frameAt(wish.fromMs) && range.toFrame === timeline.frameAt(wish.toMs),
    async *frames() {
      try {
        yield* run.read(range);
      } finally {
        release();
      }
    },
    release,
  };
}
