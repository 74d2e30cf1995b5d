import { type BufferTake, frameBytes, type RollingBuffer, sameFormat } from '@pidentify/audio';
import type { Stretch } from './hear.ts';

/** `frames` are read once, or `release` is called. */
export type WholeTake = Pick<BufferTake, 'format' | 'startedAtMs' | 'endsAtMs' | 'frames' | 'release'>;

/** A recorder that was killed is back sooner; parts farther from each other than this are not put together. */
const longestGapMs = 60_000;
/** Times are rounded to frames. */
const shortestPartMs = 50;
const silenceFrames = 16_384;

/**
 * What the rolling buffer has of a stretch, also where the recording broke off and went on, as after a kill: its parts at
 * their true distance, with silence between them. Null: there is nothing of it.
 */
export function takeWhole(buffer: Pick<RollingBuffer, 'take'>, stretch: Stretch): WholeTake | null {
  const parts = partsOf(buffer, stretch);
  if (parts.length === 0) return null;
  const largest = parts.reduce((best, part) => (msOf(part) > msOf(best) ? part : best));
  const at = parts.indexOf(largest);
  let from = at;
  while (from > 0 && goTogether(parts[from - 1], parts[from])) from -= 1;
  let to = at + 1;
  while (to < parts.length && goTogether(parts[to - 1], parts[to])) to += 1;
  for (const part of [...parts.slice(0, from), ...parts.slice(to)]) part.release();
  const whole = parts.slice(from, to);
  return {
    format: largest.format,
    startedAtMs: whole[0].startedAtMs,
    endsAtMs: whole[whole.length - 1].endsAtMs,
    frames: () => framesOf(whole),
    release() {
      for (const part of whole) part.release();
    },
  };
}

const msOf = ({ startedAtMs, endsAtMs }: BufferTake) => endsAtMs - startedAtMs;

const goTogether = (before: BufferTake, after: BufferTake) =>
  sameFormat(before.format, after.format) && after.startedAtMs - before.endsAtMs <= longestGapMs;

/** The buffer gives one part at a time, the largest. In order of time. */
function partsOf(buffer: Pick<RollingBuffer, 'take'>, { fromMs, toMs }: Stretch): BufferTake[] {
  const part = toMs - fromMs >= shortestPartMs ? buffer.take({ fromMs, toMs }) : null;
  if (!part) return [];
  return [
    ...partsOf(buffer, { fromMs, toMs: part.startedAtMs }),
    part,
    ...partsOf(buffer, { fromMs: part.endsAtMs, toMs }),
  ];
}

async function* framesOf(parts: readonly BufferTake[]): AsyncGenerator<Uint8Array, void> {
  let before: BufferTake | null = null;
  for (const part of parts) {
    if (before) yield* silence(part, part.startedAtMs - before.endsAtMs);
    yield* part.frames();
    before = part;
  }
}

function* silence({ format }: BufferTake, ms: number): Generator<Uint8Array, void> {
  const width = frameBytes(format);
  for (let left = Math.round((ms / 1000) * format.sampleRate); left > 0; left -= silenceFrames)
    yield new Uint8Array(Math.min(left, silenceFrames) * width);
}
