import type { BelievedPlay } from '../belief.ts';
import type { Stretch } from '../learn/hear.ts';
import { expectedEnd } from '../places.ts';
import type { Store } from '../store.ts';

/** A play by the time in which it was really heard; `trackId` is the provider's. */
export type HeardPlay = Stretch & { entryId: string; trackId: string };

/** No music is still waiting to be kept after so long. */
const keptMs = 48 * 3_600_000;

type Row = { entry_id: string; track_id: string; from_ms: number; to_ms: number };

/** Named plays, for as long as somebody may ask what was heard besides them. */
export function createHeardPlays(store: Store) {
  const put = store.prepare(
    `INSERT INTO heard_plays (entry_id, track_id, from_ms, to_ms)
     VALUES (:entryId, :trackId, :fromMs, :toMs)
     ON CONFLICT (entry_id, from_ms) DO UPDATE SET track_id = excluded.track_id, to_ms = excluded.to_ms`,
  );
  const cutBefore = store.prepare(
    'UPDATE heard_plays SET to_ms = min(to_ms, :fromMs) WHERE entry_id = :entryId AND from_ms < :fromMs',
  );
  const cutAfter = store.prepare(
    'UPDATE heard_plays SET to_ms = max(from_ms, min(to_ms, :toMs)) WHERE entry_id = :entryId',
  );
  const forget = store.prepare('DELETE FROM heard_plays WHERE to_ms < ?');
  const drop = store.prepare('DELETE FROM heard_plays WHERE entry_id = ?');
  const near = store.prepare('SELECT * FROM heard_plays WHERE from_ms < ?');
  const last = store.prepare('SELECT * FROM heard_plays WHERE entry_id = ? ORDER BY from_ms DESC LIMIT 1');
  const ofEntry = store.prepare('SELECT * FROM heard_plays WHERE entry_id = ? ORDER BY from_ms');
  /** The play that is on; after a pause it goes on as a stretch of its own. */
  let onNow: { entryId: string; fromMs: number } | null = null;

  const isOnNow = (row: Row) => row.entry_id === onNow?.entryId && row.from_ms === onNow.fromMs;
  const toPlay = (row: Row): HeardPlay => ({
    entryId: row.entry_id,
    trackId: row.track_id,
    fromMs: row.from_ms,
    toMs: isOnNow(row) ? Number.POSITIVE_INFINITY : row.to_ms,
  });

  return {
    /** A play was written; `onsetMs`: when the music that is on began. Gives what is known of it now. */
    played(play: BelievedPlay, onsetMs: number): HeardPlay {
      const { entryId, trackId, startMs, endMs, lastHeardMs } = play;
      // One that was not heard, or has ended before, lies before the music that is on.
      const isBefore = play.inferred || (endMs !== null && endMs <= onsetMs);
      const heardMs = isBefore ? startMs : Math.max(startMs, onsetMs);
      // The end of one that an earlier process was killed in is the end of what that process heard.
      const left = endMs === null ? undefined : (last.get(entryId) as Row | undefined);
      const fromMs = onNow?.entryId === entryId ? onNow.fromMs : (left?.from_ms ?? heardMs);
      // A killed process does not write the end: then it is the one that was expected.
      const endedMs = endMs ?? Math.max(lastHeardMs, expectedEnd(play) ?? lastHeardMs);
      // An end reckoned from the first start, before a pause, may lie before what was heard after it.
      const toMs = endedMs >= fromMs ? endedMs : Math.max(fromMs, lastHeardMs);
      if (endMs === null) onNow = { entryId, fromMs };
      else if (onNow?.entryId === entryId) onNow = null;
      put.run({ entryId, trackId, fromMs, toMs });
      // What a killed process left open, to the expected end, was not heard beyond this.
      cutBefore.run({ entryId, fromMs });
      if (endMs !== null) cutAfter.run({ entryId, toMs });
      forget.run(toMs - keptMs);
      return { entryId, trackId, fromMs, toMs: endMs === null ? Number.POSITIVE_INFINITY : toMs };
    },
    /** The process was killed while this play was on, which was heard until `toMs`. */
    wentOn(entryId: string, toMs: number): void {
      const row = last.get(entryId) as Row | undefined;
      if (row && row.to_ms < toMs) put.run({ entryId, trackId: row.track_id, fromMs: row.from_ms, toMs });
    },
    /** Plays that overlap a stretch. */
    during: ({ fromMs, toMs }: Stretch): HeardPlay[] =>
      (near.all(toMs) as Row[]).map(toPlay).filter((play) => play.toMs > fromMs),
    /** The stretches in which a play was heard: more than one where there was a pause in it. */
    of: (entryId: string): HeardPlay[] => (ofEntry.all(entryId) as Row[]).map(toPlay),
    isOn: (entryId: string): boolean => onNow?.entryId === entryId,
    put: ({ entryId, trackId, fromMs, toMs }: HeardPlay): void =>
      void put.run({ entryId, trackId, fromMs, toMs }),
    /** It was no play of this track. */
    drop(entryId: string): void {
      if (onNow?.entryId === entryId) onNow = null;
      drop.run(entryId);
    },
  };
}
export type HeardPlays = ReturnType<typeof createHeardPlays>;
