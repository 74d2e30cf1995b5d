import type { Store } from '../store.ts';
import type { Stretch } from './hear.ts';

/** A play that is to be learnt from: where its track began, and the stretch in which it was really heard. */
export type Lesson = Stretch & {
  entryId: string;
  trackId: string;
  startMs: number;
  speed: number;
};

type Row = {
  entry_id: string;
  track_id: string;
  start_ms: number;
  from_ms: number;
  to_ms: number;
  speed: number;
};

/** Plays still to be learnt from, kept so that a crash costs none of them. */
export function createLessons(store: Store) {
  // The beginning of what was heard is known best when the play was first believed.
  const put = store.prepare(
    `INSERT INTO lessons (entry_id, track_id, start_ms, from_ms, to_ms, speed, ended)
     VALUES (:entryId, :trackId, :startMs, :fromMs, :toMs, :speed, :ended)
     ON CONFLICT (entry_id) DO UPDATE SET track_id = excluded.track_id, start_ms = excluded.start_ms,
       to_ms = excluded.to_ms, speed = excluded.speed, ended = excluded.ended`,
  );
  const next = store.prepare('SELECT * FROM lessons WHERE ended = 1 ORDER BY to_ms LIMIT 1');
  const one = store.prepare('SELECT entry_id FROM lessons WHERE entry_id = ? AND track_id = ? AND ended = 1');
  const drop = store.prepare('DELETE FROM lessons WHERE entry_id = ?');
  const endOthers = store.prepare('UPDATE lessons SET ended = 1 WHERE entry_id IS NOT ?');

  return {
    put: (lesson: Lesson, { ended }: { ended: boolean }): void =>
      void put.run({ ...lesson, ended: ended ? 1 : 0 }),
    /** The oldest play that is over. */
    next(): Lesson | null {
      const row = next.get() as Row | undefined;
      return row
        ? {
            entryId: row.entry_id,
            trackId: row.track_id,
            startMs: row.start_ms,
            fromMs: row.from_ms,
            toMs: row.to_ms,
            speed: row.speed,
          }
        : null;
    },
    /** False when it was taken back meanwhile, goes on, or is of another track. */
    isDue: ({ entryId, trackId }: Lesson): boolean => one.get(entryId, trackId) !== undefined,
    drop: (entryId: string): void => void drop.run(entryId),
    /** Plays that were on when an earlier process ended are over, but for the one that may go on. */
    endAllBut: (entryId: string | null): void => void endOthers.run(entryId),
  };
}
export type Lessons = ReturnType<typeof createLessons>;
