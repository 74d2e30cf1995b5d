import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backUp, backupFor } from './store-backup.ts';

/** The recorder's own database. The server has another one: each database file has one writing process. */
export type Store = DatabaseSync;

/** Statements that lead from one version of the tables to the next; `PRAGMA user_version` counts them. */
const versions = [
  `CREATE TABLE files (
     path TEXT PRIMARY KEY,
     track_key INTEGER NOT NULL UNIQUE,
     content_id TEXT NOT NULL,
     size INTEGER NOT NULL,
     mtime_ms REAL NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('indexed', 'copy', 'failed')),
     message TEXT,
     seconds REAL NOT NULL,
     tags TEXT NOT NULL
   ) STRICT;
   CREATE INDEX files_by_content ON files (content_id);
   CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
   CREATE TABLE plays (
     entry_id TEXT PRIMARY KEY,
     believed TEXT NOT NULL,
     play TEXT NOT NULL,
     revision INTEGER NOT NULL,
     told_revision INTEGER NOT NULL DEFAULT 0,
     detected_ms REAL NOT NULL
   ) STRICT;
   CREATE INDEX plays_to_tell ON plays (detected_ms) WHERE told_revision < revision;
   CREATE TABLE memos (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  // Tracks that are no file of the user's: named by a service or a person. JSON of an IdentifiedTrack.
  `CREATE TABLE named_tracks (track_id TEXT PRIMARY KEY, track TEXT NOT NULL) STRICT;`,
  // Sounds that were heard, in the index under keys of the same counter as files; what each of them is
  // (learnt), is not (refusals), and what is still to be learnt (lessons). Seconds of a learnt sound times
  // its speed are seconds of the track.
  `CREATE TABLE sounds (
     track_key INTEGER PRIMARY KEY,
     fingerprint BLOB NOT NULL,
     seconds REAL NOT NULL
   ) STRICT;
   CREATE TABLE learnt (
     track_key INTEGER PRIMARY KEY REFERENCES sounds (track_key),
     track_id TEXT NOT NULL,
     offset_seconds REAL NOT NULL,
     speed REAL NOT NULL,
     entry_id TEXT,
     taken_back_by TEXT
   ) STRICT;
   CREATE INDEX learnt_by_track ON learnt (track_id);
   CREATE TABLE refusals (
     track_key INTEGER NOT NULL REFERENCES sounds (track_key),
     track_id TEXT NOT NULL,
     entry_id TEXT NOT NULL,
     PRIMARY KEY (track_key, track_id)
   ) STRICT;
   CREATE TABLE lessons (
     entry_id TEXT PRIMARY KEY,
     track_id TEXT NOT NULL,
     start_ms REAL NOT NULL,
     from_ms REAL NOT NULL,
     to_ms REAL NOT NULL,
     speed REAL NOT NULL,
     ended INTEGER NOT NULL
   ) STRICT;`,
  // Music that nobody could name: stretches still to be taken out of the buffer, what was kept of them
  // (offset and speed place a hearing against the first one of its group), and plays that were taken back.
  `CREATE TABLE unnamed_stretches (
     from_ms REAL PRIMARY KEY,
     to_ms REAL NOT NULL,
     taken_back TEXT
   ) STRICT;
   CREATE TABLE hearings (
     id TEXT PRIMARY KEY,
     group_id TEXT NOT NULL,
     track_key INTEGER NOT NULL UNIQUE REFERENCES sounds (track_key),
     offset_seconds REAL NOT NULL,
     speed REAL NOT NULL,
     from_ms REAL NOT NULL,
     to_ms REAL NOT NULL,
     entry_id TEXT NOT NULL UNIQUE,
     sound_bytes INTEGER NOT NULL,
     asked_key INTEGER NOT NULL,
     asked_online_ms REAL,
     taken_back TEXT
   ) STRICT;
   CREATE INDEX hearings_by_group ON hearings (group_id);
   CREATE TABLE heard_plays (
     entry_id TEXT NOT NULL,
     track_id TEXT NOT NULL,
     from_ms REAL NOT NULL,
     to_ms REAL NOT NULL,
     PRIMARY KEY (entry_id, from_ms)
   ) STRICT;
   CREATE TABLE taken_back (
     entry_id TEXT NOT NULL,
     track_id TEXT NOT NULL,
     from_ms REAL NOT NULL,
     to_ms REAL NOT NULL,
     PRIMARY KEY (entry_id, track_id)
   ) STRICT;`,
  // When a service was asked about it as a whole; `asked_online_ms` is for clips of it.
  'ALTER TABLE hearings ADD COLUMN asked_take_ms REAL;',
  // After which tracks a side was heard to end; `release`: as the catalogue names it.
  `CREATE TABLE side_ends (release TEXT NOT NULL, track_no INTEGER NOT NULL, PRIMARY KEY (release, track_no)) STRICT;`,
  // A play with a pause was heard in several stretches. `renamed`: plays that what was taken back became under another name.
  `CREATE TABLE taken_back_stretches (
     entry_id TEXT NOT NULL,
     track_id TEXT NOT NULL,
     from_ms REAL NOT NULL,
     to_ms REAL NOT NULL,
     PRIMARY KEY (entry_id, track_id, from_ms)
   ) STRICT;
   INSERT INTO taken_back_stretches SELECT entry_id, track_id, from_ms, to_ms FROM taken_back;
   DROP TABLE taken_back;
   ALTER TABLE taken_back_stretches RENAME TO taken_back;
   CREATE TABLE renamed (
     entry_id TEXT NOT NULL,
     as_entry_id TEXT NOT NULL,
     PRIMARY KEY (entry_id, as_entry_id)
   ) STRICT;`,
  // Which services have said all they can about a hearing. Before, all that there were had been asked at once.
  `CREATE TABLE asked_services (
     hearing_id TEXT NOT NULL REFERENCES hearings (id) ON DELETE CASCADE,
     service TEXT NOT NULL,
     PRIMARY KEY (hearing_id, service)
   ) STRICT;
   INSERT INTO asked_services SELECT id, 'audd' FROM hearings WHERE asked_online_ms IS NOT NULL;
   INSERT INTO asked_services SELECT id, 'acrcloud' FROM hearings WHERE asked_online_ms IS NOT NULL;
   INSERT INTO asked_services SELECT id, 'acoustid' FROM hearings WHERE asked_take_ms IS NOT NULL;
   ALTER TABLE hearings DROP COLUMN asked_online_ms;
   ALTER TABLE hearings DROP COLUMN asked_take_ms;`,
  // Where the sound begins that is kept: later than the music, when the buffer had lost its beginning.
  `ALTER TABLE hearings ADD COLUMN sound_from_ms REAL NOT NULL DEFAULT 0;
   UPDATE hearings SET sound_from_ms = from_ms;`,
  // Files in the index whose tags an older version has read, without disc and side. By album: all that is on a release.
  `CREATE TABLE tags_to_read (track_key INTEGER PRIMARY KEY) STRICT;
   INSERT INTO tags_to_read SELECT track_key FROM files WHERE state = 'indexed';
   CREATE INDEX files_by_album ON files (json_extract(tags, '$.album'));`,
  // Files that begin and end alike were taken for one: they are looked at again. The track itself keeps its name.
  `DELETE FROM files WHERE state = 'copy' OR state = 'indexed' AND EXISTS (
     SELECT 1 FROM files AS first
     WHERE first.content_id = files.content_id AND first.state = 'indexed' AND first.rowid < files.rowid
   );`,
];

function open(path: string, now: () => Date): Store {
  const store = new DatabaseSync(path);
  // FULL: a play that was believed survives a power cut; there are few of them.
  store.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  const { user_version: version } = store.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > versions.length) {
    const backup = backupFor(path, versions.length);
    const kept = backup ? `; the one from before is kept as ${backup}` : '';
    throw new Error(`recorder.db is of a newer Pidentify (version ${version})${kept}`);
  }
  if (0 < version && version < versions.length) backUp(store, { path, version, at: now() });
  // In one change: a disk that is slow to put things away is waited for once, not once a version.
  if (version < versions.length) {
    inTransaction(store, () =>
      store.exec(`${versions.slice(version).join('')} PRAGMA user_version = ${versions.length};`),
    );
  }
  return store;
}

/**
 * Opens `{folder}/recorder.db`. One of an older version is copied beside itself before it is changed. A damaged file is kept aside under another name and a new one begun, because
 * most of it can be made again (not untold plays, nor what was learnt); `keptAside` is then its new path.
 */
export function openStore(folder: string, now: () => Date): { store: Store; keptAside: string | null } {
  const path = join(folder, 'recorder.db');
  try {
    return { store: open(path, now), keptAside: null };
  } catch (error) {
    const code = (error as { errcode?: number }).errcode;
    // SQLITE_CORRUPT and SQLITE_NOTADB; anything else (no space, no permission) is not ours to move away.
    if (code === undefined || ![11, 26].includes(code & 0xff)) throw error;
    const keptAside = `${path}.broken-${now().toISOString().replaceAll(':', '-')}`;
    renameSync(path, keptAside);
    return { store: open(path, now), keptAside };
  }
}

/** A small named value that survives restarts, as JSON; undefined when it was never set. */
export function readMemo(store: Store, name: string): unknown {
  const row = store.prepare('SELECT value FROM memos WHERE name = ?').get(name) as
    | { value: string }
    | undefined;
  return row ? JSON.parse(row.value) : undefined;
}

export function writeMemo(store: Store, name: string, value: unknown): void {
  store
    .prepare(
      'INSERT INTO memos (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .run(name, JSON.stringify(value));
}

/**
 * Writes memos that are missed only after a restart, and never throws: with a full disk the recorder goes on. A failure is
 * told once, and again after one was written.
 */
export function createMemoWriter(
  store: Store,
  onTrouble: (error: unknown) => void,
): (name: string, value: unknown) => void {
  let isFailing = false;
  return (name, value) => {
    try {
      writeMemo(store, name, value);
      isFailing = false;
    } catch (error) {
      if (!isFailing) onTrouble(error);
      isFailing = true;
    }
  };
}

/** Runs `work` as one change: all of it is in the database, or nothing. */
export function inTransaction<T>(store: Store, work: () => T): T {
  store.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    store.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have ended it already; what a second ROLLBACK says would hide that.
    if (store.isTransaction) store.exec('ROLLBACK');
    throw error;
  }
}
