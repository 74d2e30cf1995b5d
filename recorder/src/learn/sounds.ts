import { TrackFingerprint } from '@pidentify/fingerprint';
import type { Store } from '../store.ts';

type Row = { track_key: number; fingerprint: Uint8Array; seconds: number };

/**
 * Fingerprints of sounds that were heard and are no file of the user's. They are in the index beside the
 * files and are kept here as well, so that an index that is made anew has them again.
 */
export function createSounds(store: Store) {
  const put = store.prepare('INSERT INTO sounds (track_key, fingerprint, seconds) VALUES (?, ?, ?)');
  const get = store.prepare('SELECT * FROM sounds WHERE track_key = ?');
  const all = store.prepare('SELECT track_key FROM sounds');
  const drop = store.prepare('DELETE FROM sounds WHERE track_key = ?');
  const unused = store.prepare(
    `SELECT track_key FROM sounds WHERE track_key NOT IN (SELECT track_key FROM learnt)
     AND track_key NOT IN (SELECT track_key FROM refusals)
     AND track_key NOT IN (SELECT track_key FROM hearings)`,
  );

  return {
    put(sound: { trackKey: number; fingerprint: Uint8Array; seconds: number }): void {
      put.run(sound.trackKey, sound.fingerprint, sound.seconds);
    },
    /** The fingerprint and its length (s); null when there is none that this version can read. */
    find(trackKey: number): { fingerprint: Uint8Array; seconds: number } | null {
      const row = get.get(trackKey) as Row | undefined;
      if (!row || !isReadable(row.fingerprint)) return null;
      return { fingerprint: row.fingerprint, seconds: row.seconds };
    },
    keys: (): number[] => (all.all() as Row[]).map((row) => row.track_key),
    /** Forgets sounds that stand for nothing; gives their keys, to be removed from the index. */
    sweep(): number[] {
      const keys = (unused.all() as Row[]).map((row) => row.track_key);
      for (const key of keys) drop.run(key);
      return keys;
    },
  };
}
export type Sounds = ReturnType<typeof createSounds>;

function isReadable(bytes: Uint8Array): boolean {
  try {
    return new TrackFingerprint(bytes).count > 0;
  } catch {
    // Written by another version: it can no longer be compared with anything.
    return false;
  }
}
