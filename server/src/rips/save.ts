import type { SaveRequest } from '@pidentify/contracts';
import { apiId } from '../database/encoding.ts';
import type { Entries } from '../history/entries.ts';
import { type EntryRow, entryOf } from '../history/entry.ts';
import type { MusicLibrary } from '../library/save.ts';
import type { KeptTake } from './takes.ts';

export type SaveRip = (rip: { entry: EntryRow; take: KeptTake; wish: SaveRequest }) => Promise<string>;

/** Saves a take into the music library, and what the person typed as corrections of the track. */
export function createRipSave({
  library,
  entries,
}: {
  library: MusicLibrary;
  entries: Pick<Entries, 'patch' | 'savedAs'>;
}): SaveRip {
  return async ({ entry, take, wish }) => {
    const { track } = entryOf(entry);
    const images = {
      track_image: wish.track_image === undefined ? track.track_image : wish.track_image,
      artist_image: wish.artist_image === undefined ? track.artist_image : wish.artist_image,
    };
    const path = await library.save({
      take,
      wish: { ...wish, ...images },
      released: track.released ?? null,
      label: track.label ?? null,
    });
    const entryId = apiId(entry.entry_id);
    await entries.savedAs(entryId, path);
    const { track_name, artist_name, album_name } = wish;
    const corrected =
      track_name !== track.track_name ||
      artist_name !== (track.artist_name ?? '') ||
      album_name !== (track.album_name ?? '');
    if (corrected) await entries.patch([entryId], { track_name, artist_name, album_name });
    return path;
  };
}
