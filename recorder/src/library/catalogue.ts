import { dirname } from 'node:path';
import { inTransaction, type Store } from '../store.ts';
import { inOrder } from './release.ts';

/** A sound file as a walk through the folders finds it. */
export type FoundFile = { path: string; size: number; mtimeMs: number };

/** What a file says of itself. */
export type FileTags = {
  title: string;
  artist?: string | undefined;
  album?: string | undefined;
  /** On its side, where it has one: the letter of `A1`. */
  trackNo?: number | undefined;
  side?: string | undefined;
  discNo?: number | undefined;
  label?: string | undefined;
  released?: string | undefined;
};

/** A track that is in the index. */
type Indexed = {
  trackKey: number;
  /** Stable name of the track: kept when the file moves or is tagged anew. */
  trackId: string;
  path: string;
  seconds: number;
  tags: FileTags;
};

export type CatalogueTrack = Indexed & {
  /** As tagged; the place on its release where it is tagged as on a record, for which B1 is no number. Null: it has none. */
  trackNo: number | null;
};

type Row = {
  path: string;
  track_key: number;
  content_id: string;
  size: number;
  mtime_ms: number;
  state: 'indexed' | 'copy' | 'failed';
  message: string | null;
  seconds: number;
  tags: string;
};

/** A file of the catalogue that may have the content of another; `id` is that of its track. */
export type AlikeFile = FoundFile & { id: string; state: 'indexed' | 'copy' | 'failed' };

export type CatalogueChanges = { added: FoundFile[]; changed: FoundFile[]; removed: string[] };

/** In the place of a content's name for a file that was never read. */
const unread = 'unread:';

/** The highest number of a track that anybody may be told. */
const highestNumber = 9999;

const toIndexed = (row: Row): Indexed => ({
  trackKey: row.track_key,
  trackId: row.content_id,
  path: row.path,
  seconds: row.seconds,
  tags: JSON.parse(row.tags) as FileTags,
});

/** Which files are known, what they say of themselves, and under which key they are in the index. */
export function createCatalogue(store: Store) {
  const byPath = store.prepare('SELECT * FROM files WHERE path = ?');
  const byKey = store.prepare("SELECT * FROM files WHERE track_key = ? AND state = 'indexed'");
  const byContent = store.prepare('SELECT * FROM files WHERE content_id = ? AND state = ?');
  const withEnds = store.prepare(
    'SELECT * FROM files WHERE content_id >= ? AND content_id < ? ORDER BY content_id, rowid',
  );
  const ofAlbum = store.prepare(
    "SELECT * FROM files WHERE state = 'indexed' AND json_extract(tags, '$.album') = ?",
  );
  const nextKey = store.prepare(
    `INSERT INTO counters (name, value) VALUES ('track_key', 1)
     ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
  );
  const put = store.prepare(
    `INSERT INTO files (path, track_key, content_id, size, mtime_ms, state, message, seconds, tags)
     VALUES (:path, :track_key, :content_id, :size, :mtime_ms, :state, :message, :seconds, :tags)
     ON CONFLICT (path) DO UPDATE SET track_key = excluded.track_key,
       content_id = excluded.content_id, size = excluded.size, mtime_ms = excluded.mtime_ms, state = excluded.state, message = excluded.message,
       seconds = excluded.seconds, tags = excluded.tags`,
  );
  const setTags = store.prepare('UPDATE files SET tags = ? WHERE track_key = ?');
  const isRetagged = store.prepare('DELETE FROM tags_to_read WHERE track_key = ?');
  const rename = store.prepare('UPDATE files SET path = ?, size = ?, mtime_ms = ? WHERE path = ?');
  const drop = store.prepare('DELETE FROM files WHERE path = ?');
  const dropCopies = store.prepare("DELETE FROM files WHERE content_id = ? AND state = 'copy'");

  const newKey = (): number => (nextKey.get() as { value: number }).value;
  const rowAt = (path: string) => byPath.get(path) as Row | undefined;

  function ownId(path: string): string | null {
    const row = rowAt(path);
    return !row || row.state === 'copy' || row.content_id.startsWith(unread) ? null : row.content_id;
  }

  function write(
    file: FoundFile,
    more: Pick<Row, 'track_key' | 'content_id' | 'state' | 'message' | 'seconds' | 'tags'>,
  ): void {
    put.run({ path: file.path, size: file.size, mtime_ms: file.mtimeMs, ...more });
  }

  function releaseOf(row: Row) {
    const asked = toIndexed(row);
    const { album } = asked.tags;
    if (!album) return null;
    const folder = dirname(row.path);
    const files = (ofAlbum.all(album) as Row[]).filter(({ path }) => dirname(path) === folder).map(toIndexed);
    const tracks = inOrder(files, asked);
    return tracks && { release: `${folder}/${album}`, tracks };
  }

  function toTrack(row: Row): CatalogueTrack {
    const track = toIndexed(row);
    const { side, trackNo } = track.tags;
    if (side === undefined) return { ...track, trackNo: trackNo ?? null };
    const placed = releaseOf(row)?.tracks.find(({ trackId }) => trackId === track.trackId);
    return { ...track, trackNo: placed && placed.place <= highestNumber ? placed.place : null };
  }

  return {
    /** What is different between the folders and the catalogue. A copy changes with the file that it is one of. */
    compare(found: Iterable<FoundFile>): CatalogueChanges {
      const known = new Map(
        (store.prepare('SELECT path, content_id, size, mtime_ms, state FROM files').all() as Row[]).map(
          (row) => [row.path, row],
        ),
      );
      const changedIds = new Set<string>();
      const copies: { file: FoundFile; id: string }[] = [];
      const changes: CatalogueChanges = { added: [], changed: [], removed: [] };
      for (const file of found) {
        const row = known.get(file.path);
        known.delete(file.path);
        if (!row) changes.added.push(file);
        else if (row.size !== file.size || row.mtime_ms !== file.mtimeMs) {
          changes.changed.push(file);
          changedIds.add(row.content_id);
        } else if (row.state === 'copy') copies.push({ file, id: row.content_id });
      }
      for (const { file, id } of copies) if (changedIds.has(id)) changes.changed.push(file);
      changes.removed = [...known.keys()];
      return changes;
    },

    /** The name of the track that a file is, which it keeps when it changes; null for a copy and for one never read. */
    ownId,

    /** The files whose names begin with `ends`, gone ones among them. */
    alike: (ends: string): AlikeFile[] =>
      (withEnds.all(ends, `${ends}g`) as Row[]).map(({ path, content_id, size, mtime_ms, state }) => ({
        path,
        id: content_id,
        size,
        mtimeMs: mtime_ms,
        state,
      })),

    /** A track is at another path now, and keeps its key. */
    move(from: string, to: FoundFile): void {
      drop.run(to.path);
      rename.run(to.path, to.size, to.mtimeMs, from);
    },

    /** The file has the content of the one at `twinPath`, which is in the index. */
    copy(file: FoundFile, twinPath: string): void {
      const twin = rowAt(twinPath);
      if (!twin) return;
      const { content_id, seconds, tags } = twin;
      write(file, { track_key: newKey(), content_id, state: 'copy', message: null, seconds, tags });
    },

    /** A key for a file about to be indexed, never used before, so a crash cannot mix two tracks up. */
    newKey,

    /** Is there a track in the index with this path? One that has moved is at another. */
    hasTrackAt: (path: string): boolean => rowAt(path)?.state === 'indexed',

    /** The file is in the index under `trackKey`. Gives the key it had before, to be removed there, or null. */
    indexed(
      file: FoundFile,
      track: { trackKey: number; contentId: string; seconds: number; tags: FileTags },
    ): number | null {
      const before = rowAt(file.path);
      write(file, {
        track_key: track.trackKey,
        content_id: ownId(file.path) ?? track.contentId,
        state: 'indexed',
        message: null,
        seconds: track.seconds,
        tags: JSON.stringify(track.tags),
      });
      if (before?.state !== 'indexed') return null;
      // A copy that is not there now, on a drive that is not mounted, is one of what the file was before.
      dropCopies.run(before.content_id);
      return before.track_key;
    },

    /** Files in the index with tags as an older version has read them. */
    withOldTags(): { trackKey: number; path: string }[] {
      store.exec(
        "DELETE FROM tags_to_read WHERE track_key NOT IN (SELECT track_key FROM files WHERE state = 'indexed')",
      );
      const rows = store
        .prepare('SELECT track_key, path FROM tags_to_read JOIN files USING (track_key)')
        .all();
      return (rows as Row[]).map(({ track_key: trackKey, path }) => ({ trackKey, path }));
    },

    /** The tags of a file that has not changed were read anew. */
    retag(trackKey: number, tags: FileTags): void {
      inTransaction(store, () => {
        setTags.run(JSON.stringify(tags), trackKey);
        isRetagged.run(trackKey);
      });
    },

    /** The file cannot be read; it is tried again when it changes. Gives the key it had in the index, or null. */
    failed(file: FoundFile, message: string): number | null {
      const before = rowAt(file.path);
      write(file, {
        track_key: newKey(),
        content_id: ownId(file.path) ?? `${unread}${file.path}`,
        state: 'failed',
        message,
        seconds: 0,
        tags: '{"title":""}',
      });
      return before?.state === 'indexed' ? before.track_key : null;
    },

    /** The file is gone. A copy elsewhere takes its place; else gives the key to remove from the index. */
    removed(path: string): number | null {
      const row = rowAt(path);
      drop.run(path);
      if (row?.state !== 'indexed') return null;
      const copy = byContent.get(row.content_id, 'copy') as Row | undefined;
      if (!copy) return row.track_key;
      const { track_key, content_id, seconds, tags } = row;
      write(
        { path: copy.path, size: copy.size, mtimeMs: copy.mtime_ms },
        { track_key, content_id, state: 'indexed', message: null, seconds, tags },
      );
      return null;
    },

    track(trackKey: number): CatalogueTrack | null {
      const row = byKey.get(trackKey) as Row | undefined;
      return row ? toTrack(row) : null;
    },
    trackById(trackId: string): CatalogueTrack | null {
      const row = byContent.get(trackId, 'indexed') as Row | undefined;
      return row ? toTrack(row) : null;
    },
    /**
     * The tracks of the release that a track is on, in order: the files of its folder with the same album. Null when
     * it has no number or no album, or two songs have the same number.
     */
    releaseOf(trackId: string) {
      const row = byContent.get(trackId, 'indexed') as Row | undefined;
      return row ? releaseOf(row) : null;
    },
    /** Forgets a file whose fingerprint is lost, so that it is read again. */
    dropKey: (trackKey: number): void =>
      void store.prepare('DELETE FROM files WHERE track_key = ?').run(trackKey),
    keys: (): number[] =>
      (store.prepare("SELECT track_key FROM files WHERE state = 'indexed'").all() as Row[]).map(
        (row) => row.track_key,
      ),
    /** The highest key of a file in the index: it grows with each file that is added or read anew. */
    newestKey: (): number =>
      (
        store
          .prepare("SELECT coalesce(max(track_key), 0) AS key FROM files WHERE state = 'indexed'")
          .get() as {
          key: number;
        }
      ).key,
    totals(): { tracks: number; hours: number } {
      const row = store
        .prepare(
          "SELECT count(*) AS tracks, coalesce(sum(seconds), 0) AS seconds FROM files WHERE state = 'indexed'",
        )
        .get() as { tracks: number; seconds: number };
      return { tracks: row.tracks, hours: row.seconds / 3600 };
    },
    problems: (): { path: string; message: string }[] =>
      store
        .prepare("SELECT path, message FROM files WHERE state = 'failed' ORDER BY rowid DESC LIMIT 50")
        .all() as {
        path: string;
        message: string;
      }[],
  };
}
export type Catalogue = ReturnType<typeof createCatalogue>;
