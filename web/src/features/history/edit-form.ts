import type { Entry, TrackPatch } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { clockText, parseClock } from '../../ui/format.ts';

export type EditFields = { title: string; artist: string; album: string; duration: string };
export type EditOutcome =
  | { outcome: 'change'; patch: TrackPatch }
  | { outcome: 'nothing' }
  | { outcome: 'wrong'; field: keyof EditFields; message: string };

const empty: EditFields = { title: '', artist: '', album: '', duration: '' };

/** The fields as they stand; for several entries they start empty. */
export function fieldsOf(entries: readonly Entry[]): EditFields {
  const [only] = entries;
  if (entries.length !== 1) return empty;
  const { track } = only;
  return {
    title: track.track_name,
    artist: track.artist_name ?? '',
    album: track.album_name ?? '',
    duration: track.duration_seconds ? clockText(Math.round(track.duration_seconds)) : '',
  };
}

/**
 * What to send for what was typed: only fields that differ. In a single entry an emptied field is
 * cleared; for several, an empty field stays as it is.
 */
export function editOutcome({
  before,
  after,
  several,
}: {
  before: EditFields;
  after: EditFields;
  several: boolean;
}): EditOutcome {
  const patch: TrackPatch = {};
  const title = after.title.trim();
  if (!several && title === '') {
    return { outcome: 'wrong', field: 'title', message: sentences.history.titleMissing };
  }
  if (title !== before.title && title !== '') patch.track_name = title;
  const artist = after.artist.trim();
  if (artist !== before.artist) patch.artist_name = artist || null;
  const album = after.album.trim();
  if (album !== before.album) patch.album_name = album || null;
  const duration = after.duration.trim();
  if (duration !== before.duration) {
    const seconds = duration === '' ? null : parseClock(duration);
    if (duration !== '' && seconds === null) {
      return { outcome: 'wrong', field: 'duration', message: sentences.history.durationWrong };
    }
    patch.duration_seconds = seconds;
  }
  return Object.keys(patch).length > 0 ? { outcome: 'change', patch } : { outcome: 'nothing' };
}
