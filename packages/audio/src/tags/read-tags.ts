import type { IAudioMetadata, ICommonTagsResult } from 'music-metadata';
import { toAudioFileError } from '../decode/error.ts';
import { pathFacts } from './path-facts.ts';

/** MusicBrainz identifiers, UUIDs. */
export type MusicBrainzIds = {
  recordingId?: string;
  trackId?: string;
  releaseId?: string;
  releaseGroupId?: string;
  artistIds?: string[];
};

/** What a sound file says of its track. */
export type SoundTags = {
  title: string;
  artist?: string;
  album?: string;
  albumArtist?: string;
  /** Letter of the side of a record, as in `A1`; `trackNo` is then counted on it. */
  side?: string;
  trackNo?: number;
  discNo?: number;
  label?: string;
  /** As tagged: a year, or `YYYY-MM-DD`. */
  released?: string;
  durationSeconds?: number;
  musicBrainz: MusicBrainzIds;
};

const MAX_TEXT = 1024;
const MAX_NUMBER = 9999;

/** A tag without control characters and of bounded length; undefined when nothing is left. */
function clean(text: string | null | undefined): string | undefined {
  // Control characters come from broken tags and would reach file names.
  const plain = text
    ?.replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return plain || undefined;
}

const counted = (value: number | null | undefined): number | undefined =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= MAX_NUMBER ? Number(value) : undefined;

/** Names of tags that hold a number as on a record, in any format: `TRCK`, `TXXX:VINYLTRACK`, `WM/TrackNumber`. */
const NUMBER_TAGS = /(?:^|[:/])(?:TRCK|TRK|TRACK|TRACKNUMBER|VINYLTRACK)$/i;
/** `A1`, `b12/14`; `A` is the one track of its side. */
const ON_A_SIDE = /^([A-Z])(\d{0,2})\s*(?:\/.*)?$/i;

type Numbers = Pick<SoundTags, 'side' | 'trackNo'>;

/** The number as on a record, which music-metadata takes for none. */
function numberOnASide(found: IAudioMetadata): Numbers | null {
  for (const { id, value } of Object.values(found.native).flat()) {
    if (typeof value !== 'string' || !NUMBER_TAGS.test(id)) continue;
    const [, side, digits] = ON_A_SIDE.exec(value.trim()) ?? [];
    const trackNo = counted(Number(digits || 1));
    if (side && trackNo) return { side: side.toUpperCase(), trackNo };
  }
  return null;
}

function numbersIn(found: IAudioMetadata | null, fallback: Numbers): Numbers {
  const trackNo = counted(found?.common.track.no);
  const tagged = (found && numberOnASide(found)) ?? (trackNo ? { trackNo } : null);
  // Together from the one or from the other: files named A1, A2, B1 may be tagged 1, 2, 3.
  const { side, trackNo: number } = tagged ?? fallback;
  return { side, trackNo: number };
}

/**
 * Title, artist and so on, by the file's tags and, where they say nothing, by its path. Broken tags
 * count as none. Throws `AudioFileError` when there is no such file, and when the system does not let it be read now.
 */
export async function readTags(path: string): Promise<SoundTags> {
  const found = await parseTags(path).catch((error: unknown) => {
    throw toAudioFileError(error);
  });
  const fallback = pathFacts(path);
  const tags = found?.common;
  const seconds = found?.format.duration;
  return withoutUndefined({
    title: clean(tags?.title) ?? fallback.title,
    artist: clean(tags?.artist) ?? clean(tags?.albumartist) ?? fallback.artist,
    album: clean(tags?.album) ?? fallback.album,
    albumArtist: clean(tags?.albumartist),
    ...numbersIn(found, fallback),
    discNo: counted(tags?.disk.no) ?? fallback.discNo,
    label: clean(tags?.label?.join(', ')),
    released: clean(tags?.date) ?? clean(tags?.year?.toString()),
    durationSeconds: seconds && Number.isFinite(seconds) ? seconds : undefined,
    musicBrainz: musicBrainzIds(tags),
  });
}

/** Did the system refuse it, rather than the file be broken? */
export const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

/** All tags of a file but its pictures; null where they are broken. Throws what the system says of a file that cannot be read. */
export async function parseTags(path: string): Promise<IAudioMetadata | null> {
  const { parseFile } = await import('music-metadata');
  try {
    return await parseFile(path, { skipCovers: true });
  } catch (error) {
    // It says nothing of the tags: they may be read another time, from a share that is back.
    if (isOfSystem(error)) throw error;
    // A file whose tags are broken may still hold sound that can be recognised.
    return null;
  }
}

function musicBrainzIds(tags: ICommonTagsResult | undefined): MusicBrainzIds {
  return withoutUndefined({
    recordingId: clean(tags?.musicbrainz_recordingid),
    trackId: clean(tags?.musicbrainz_trackid),
    releaseId: clean(tags?.musicbrainz_albumid),
    releaseGroupId: clean(tags?.musicbrainz_releasegroupid),
    artistIds: tags?.musicbrainz_artistid,
  });
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
