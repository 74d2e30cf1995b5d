import { z } from 'zod';
import type { Stretch } from '../learn/hear.ts';
import { readMemo, type Store, writeMemo } from '../store.ts';

/** A stretch in which something unnamed may have been heard. `takenBack`: the play that was wrong there. */
export type UnnamedStretch = Stretch & { takenBack: string | null };

type Row = { from_ms: number; to_ms: number; taken_back: string | null };

const openMemo = 'unknown.open';

/** Stretches still to be taken out of the rolling buffer, kept so that a crash costs none of them. */
export function createUnnamedStretches(store: Store) {
  const put = store.prepare(
    `INSERT INTO unnamed_stretches (from_ms, to_ms, taken_back) VALUES (:fromMs, :toMs, :takenBack)
     ON CONFLICT (from_ms) DO UPDATE SET to_ms = max(to_ms, excluded.to_ms),
       taken_back = coalesce(excluded.taken_back, taken_back)`,
  );
  const all = store.prepare('SELECT * FROM unnamed_stretches ORDER BY to_ms');
  const drop = store.prepare('DELETE FROM unnamed_stretches WHERE from_ms = ?');
  const dropTakenBack = store.prepare('DELETE FROM unnamed_stretches WHERE taken_back = ?');

  return {
    put: (stretch: UnnamedStretch): void => void put.run(stretch),
    /** All that wait, in order of their ends. */
    all: (): UnnamedStretch[] =>
      (all.all() as Row[]).map((row) => ({
        fromMs: row.from_ms,
        toMs: row.to_ms,
        takenBack: row.taken_back,
      })),
    drop: ({ fromMs }: Stretch): void => void drop.run(fromMs),
    dropTakenBack: (entryId: string): void => void dropTakenBack.run(entryId),
    /** Music began; null: it has ended. */
    open: (fromMs: number | null): void => writeMemo(store, openMemo, fromMs),
    /** When the music began in which an earlier process was killed. */
    leftOpen: (): number | null => z.number().nullish().parse(readMemo(store, openMemo)) ?? null,
  };
}
export type UnnamedStretches = ReturnType<typeof createUnnamedStretches>;
