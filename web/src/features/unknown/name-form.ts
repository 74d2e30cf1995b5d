import type { Entry, TrackNames } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';

/** What is typed into the form. */
export type NameFields = { title: string; artist: string; album: string; trackNo: string };
export const emptyNames: NameFields = { title: '', artist: '', album: '', trackNo: '' };

export type WrongName = { outcome: 'wrong'; field: keyof NameFields; message: string };
type NameOutcome = { outcome: 'names'; names: TrackNames } | WrongName;

/** What follows from the fields: names to be saved, or what is wrong with one of them. */
export function nameOutcome({ title, artist, album, trackNo }: NameFields): NameOutcome {
  const words = sentences.unknown;
  if (title.trim() === '') return { outcome: 'wrong', field: 'title', message: words.titleMissing };
  const number = trackNo.trim() === '' ? null : Number(trackNo);
  if (number !== null && !(Number.isInteger(number) && number >= 1 && number <= 9999)) {
    return { outcome: 'wrong', field: 'trackNo', message: words.trackNoWrong };
  }
  return {
    outcome: 'names',
    names: {
      track_name: title.trim(),
      artist_name: artist.trim() || null,
      album_name: album.trim() || null,
      track_no: number,
    },
  };
}

/** Artists of the history, and albums of the artist that is typed (of all while there is none). */
export function suggestionsOf(
  entries: readonly Entry[],
  artist: string,
): { artists: string[]; albums: string[] } {
  const sorted = (names: (string | null | undefined)[]) =>
    [...new Set(names.filter((name): name is string => Boolean(name)))].sort((a, b) => a.localeCompare(b));
  const typed = artist.trim().toLowerCase();
  const ofArtist = entries.filter(({ track }) => track.artist_name?.toLowerCase() === typed);
  return {
    artists: sorted(entries.map(({ track }) => track.artist_name)),
    albums: sorted((ofArtist.length > 0 ? ofArtist : entries).map(({ track }) => track.album_name)),
  };
}
