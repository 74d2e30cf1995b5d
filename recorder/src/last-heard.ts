import { z } from 'zod';
import type { BelievedPlay, Decision } from './belief.ts';
import { expectedEnd } from './places.ts';
import { createMemoWriter, readMemo, type Store } from './store.ts';

const memo = 'belief.heard';
const memoSchema = z.object({ entryId: z.string(), heardMs: z.number() });
/** Written no oftener while a play goes on. */
const everyMs = 15_000;
/** Music that began so long after a play was last heard may be its rest: services are asked about it once a minute. */
const restMs = 60_000;

/** Until when the play that is on was heard, so that a kill makes no second one of its rest. */
export function createLastHeard(store: Store, onTrouble: (error: unknown) => void) {
  const save = createMemoWriter(store, onTrouble);
  let saved = { entryId: '', heardMs: 0 };

  return {
    decided(decisions: readonly Decision[]): void {
      for (const decision of decisions) {
        if (decision.kind !== 'show' || decision.shown.entryId === null) continue;
        const { entryId, clip } = decision.shown;
        if (entryId === saved.entryId && clip.endMs - saved.heardMs < everyMs) continue;
        saved = { entryId, heardMs: clip.endMs };
        save(memo, saved);
      }
    },
    /**
     * The last play of an earlier process, with the time until which it was heard. `sinceMs`: when the music began in which
     * that process was killed, null if there was none; `bufferEndMs`: the last sound that is kept. Null for one that a person
     * has said was wrong.
     */
    recall(
      play: BelievedPlay | null,
      {
        sinceMs,
        bufferEndMs,
        isTakenBack,
      }: { sinceMs: number | null; bufferEndMs: number | null; isTakenBack(entryId: string): boolean },
    ): BelievedPlay | null {
      if (play && isTakenBack(play.entryId)) return null;
      if (play?.endMs !== null) return play;
      const known = memoSchema.nullish().parse(readMemo(store, memo));
      const heardMs = Math.max(play.lastHeardMs, known?.entryId === play.entryId ? known.heardMs : 0);
      const wentOn = sinceMs !== null && bufferEndMs !== null && sinceMs <= heardMs + restMs;
      const lastMs = expectedEnd(play) ?? Number.POSITIVE_INFINITY;
      const untilMs = wentOn ? Math.max(heardMs, Math.min(bufferEndMs, lastMs)) : heardMs;
      return { ...play, lastHeardMs: untilMs };
    },
  };
}
