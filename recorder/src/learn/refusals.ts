import type { Store } from '../store.ts';

/** Which track a sound is not, because a person said so: the same sound never gets that name again. */
export function createRefusals(store: Store) {
  const put = store.prepare(
    'INSERT INTO refusals (track_key, track_id, entry_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const ofSound = store.prepare('SELECT track_id FROM refusals WHERE track_key = ?');
  const undo = store.prepare('DELETE FROM refusals WHERE entry_id = ?');

  return {
    /** `entryId`: the play that was taken back. */
    add: (trackKey: number, trackId: string, entryId: string): void =>
      void put.run(trackKey, trackId, entryId),
    /** Tracks that none of these sounds is. */
    of(trackKeys: readonly number[]): Set<string> {
      const rows = trackKeys.flatMap((key) => ofSound.all(key) as { track_id: string }[]);
      return new Set(rows.map((row) => row.track_id));
    },
    undo: (entryId: string): void => void undo.run(entryId),
  };
}
export type Refusals = ReturnType<typeof createRefusals>;
