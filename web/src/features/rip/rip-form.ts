import type { Entry, SaveRequest } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { type Selection, toOffsets } from './selection.ts';

export type RipFields = {
  title: string;
  artist: string;
  album: string;
  trackNo: string;
  cover: string | null;
};
export type SaveOutcome =
  | { outcome: 'save'; save: SaveRequest }
  | { outcome: 'wrong'; field: keyof RipFields; message: string };

export function fieldsOf(entry: Entry | null): RipFields {
  const track = entry?.track;
  return {
    title: track?.track_name ?? '',
    artist: track?.artist_name ?? '',
    album: track?.album_name ?? '',
    trackNo: String(track?.track_no ?? 1),
    cover: track?.track_image ?? null,
  };
}

/** The request for what is on the form, or the field that is not right yet. */
export function saveOutcome({
  fields,
  selection,
  duration,
}: {
  fields: RipFields;
  selection: Selection;
  duration: number;
}): SaveOutcome {
  const title = fields.title.trim();
  if (title === '') return { outcome: 'wrong', field: 'title', message: sentences.history.titleMissing };
  const number = fields.trackNo.trim() === '' ? '1' : fields.trackNo.trim();
  if (!/^\d{1,4}$/.test(number)) {
    return { outcome: 'wrong', field: 'trackNo', message: sentences.rip.trackNoWrong };
  }
  return {
    outcome: 'save',
    save: {
      track_name: title,
      track_no: Number(number),
      album_name: fields.album.trim(),
      artist_name: fields.artist.trim(),
      ...toOffsets({ selection, duration }),
      track_image: fields.cover,
    },
  };
}
