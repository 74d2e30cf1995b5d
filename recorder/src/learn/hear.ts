import type { RollingBuffer } from '@pidentify/audio';
import type { Reader } from '../library/reader.ts';
import { takeWhole } from './whole-take.ts';

/** The reading process may be killed by no fault of the sound, as when memory is short. */
const tries = 3;

/** A stretch of wall-clock time, ms. */
export type Stretch = { fromMs: number; toMs: number };

/** What sounded in a stretch, as far as it was still there: its fingerprint, length (s) and true times. */
export type HeardSound = Stretch & { fingerprint: Uint8Array; seconds: number };

/**
 * Makes fingerprints of what sounded, out of the rolling buffer, in the reading process. Null: nothing of it
 * is kept any more. Throws when it cannot be read, again and again.
 */
export function createHearing({
  buffer,
  reader,
}: {
  buffer: Pick<RollingBuffer, 'take'>;
  reader: Pick<Reader, 'readSound'>;
}) {
  return async function hear(stretch: Stretch): Promise<HeardSound | null> {
    const take = takeWhole(buffer, stretch);
    if (!take) return null;
    try {
      const { format, startedAtMs, endsAtMs } = take;
      let answer = await reader.readSound({ format, frames: take.frames() });
      for (let again = 1; answer.read === 'failed' && again < tries; again += 1)
        answer = await reader.readSound({ format, frames: take.frames() });
      if (answer.read === 'failed') throw new Error(answer.message);
      return {
        fingerprint: answer.fingerprint,
        seconds: answer.seconds,
        fromMs: startedAtMs,
        toMs: endsAtMs,
      };
    } finally {
      take.release();
    }
  };
}
export type Hear = ReturnType<typeof createHearing>;
