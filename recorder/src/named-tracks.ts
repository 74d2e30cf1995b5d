import { type IdentifiedTrack, identifiedTrackSchema } from '@pidentify/contracts';
import type { Store } from './store.ts';

/** Facts of tracks that are no file of the user's: a service or a person named them. Kept for good. */
export function createNamedTracks(store: Store) {
  const put = store.prepare(
    `INSERT INTO named_tracks (track_id, track) VALUES (?, ?)
     ON CONFLICT (track_id) DO UPDATE SET track = excluded.track`,
  );
  const get = store.prepare('SELECT track FROM named_tracks WHERE track_id = ?');

  /** What the disk did not take yet, or not yet for sure: known all the same. */
  const held = new Map<string, IdentifiedTrack>();

  function writeHeld(): void {
    for (const [trackId, track] of held) {
      put.run(trackId, JSON.stringify(track));
      // A transaction may still be rolled back: it is written once more by the next call after it.
      if (!store.isTransaction) held.delete(trackId);
    }
  }

  function trackById(trackId: string): IdentifiedTrack | null {
    const unwritten = held.get(trackId);
    if (unwritten) return unwritten;
    const row = get.get(trackId) as { track: string } | undefined;
    return row ? identifiedTrackSchema.parse(JSON.parse(row.track)) : null;
  }

  return {
    /**
     * Keeps what is known of a track. Newer facts replace older ones under its `track_id`; what is not told is not forgotten,
     * but for the facts of another release, and the source stays the first, as the history knows the track by it. Throws when the disk does not
     * take it; it is known until the process ends, and written with the next one or by `writeHeld`.
     */
    remember(track: IdentifiedTrack): void {
      const before = trackById(track.track_id);
      held.set(track.track_id, before ? merged(before, track) : track);
      writeHeld();
    },
    writeHeld,
    trackById,
  };
}
export type NamedTracks = ReturnType<typeof createNamedTracks>;

function merged(before: IdentifiedTrack, { album_name, ...track }: IdentifiedTrack): IdentifiedTrack {
  const isSameRelease = album_name == null || album_name === before.album_name;
  const { album_name: album, track_no, label, released, track_image, ...song } = before;
  const release = isSameRelease
    ? { album_name: album, track_no, label, released, track_image }
    : { album_name };
  return identifiedTrackSchema.parse({
    ...known(song),
    ...known(release),
    ...known(track),
    source: before.source,
  });
}

const known = (facts: object) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value != null));
