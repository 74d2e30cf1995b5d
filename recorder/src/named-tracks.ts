import { type IdentifiedTrack, identifiedTrackSchema } from '@pidentify/contracts';
import type { Store } from './store.ts';

/** Facts of tracks that are no file of the user's: a service or a person named them. Kept for good. */
export function createNamedTracks(store: Store) {
  const put = store.prepare(
    `INSERT INTO named_tracks (track_id, track) VALUES (?, ?)
     ON CONFLICT (track_id) DO UPDATE SET track = excluded.track`,
  );
  const get = store.prepare('SELECT track FROM named_tracks WHERE track_id = ?');

  return {
    /** Keeps what is known of a track; what was known before under its `track_id` is replaced. */
    remember(track: IdentifiedTrack): void {
      put.run(track.track_id, JSON.stringify(track));
    },
    trackById(trackId: string): IdentifiedTrack | null {
      const row = get.get(trackId) as { track: string } | undefined;
      return row ? identifiedTrackSchema.parse(JSON.parse(row.track)) : null;
    },
  };
}
export type NamedTracks = ReturnType<typeof createNamedTracks>;
