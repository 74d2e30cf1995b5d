import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PidentifyError, type SaveRequest } from '@pidentify/contracts';
import type { ArtworkStore } from '../artwork/artwork.ts';
import { pictureMime } from '../artwork/artwork.ts';
import { fileError } from '../files/files.ts';
import type { FlacFacts, FlacWork } from '../rips/flac-work.ts';
import { keepCoverFile } from './cover.ts';
import { trackPlace } from './names.ts';
import { publish } from './publish.ts';

/** Folder inside the library for files that are being written; what a crash leaves there can go. */
const unfinishedFolder = '.pidentify';

export type LibraryTrack = {
  take: Pick<FlacFacts, 'sample_rate' | 'frames'> & { path: string };
  wish: SaveRequest;
  /** Facts that the person does not type. */
  released: string | null;
  label: string | null;
};

/** The user's music library: one FLAC file a track, `{Artist}/{Album}/{NN} - {Title}.flac`. */
export type MusicLibrary = {
  /**
   * Trims, tags and names a take; gives the path. Another file is never replaced.
   * @throws trim_out_of_range, audio_unreadable, disk_full, save_failed
   */
  save: (track: LibraryTrack) => Promise<string>;
  /** Removes what a crash left half-written. */
  tidy: () => Promise<void>;
};

export function createMusicLibrary({
  folder,
  artwork,
  flacWork,
}: {
  folder: string;
  artwork: Pick<ArtworkStore, 'load'>;
  flacWork: Pick<FlacWork, 'trim'>;
}): MusicLibrary {
  return {
    async save(track) {
      const stretch = trimmedFrames(track);
      try {
        return await write({ folder, artwork, flacWork, track, stretch });
      } catch (error) {
        throw fileError(error, 'save_failed');
      }
    },
    tidy: () => rm(join(folder, unfinishedFolder), { recursive: true, force: true }),
  };
}

/** First frame, and the one after the last. @throws trim_out_of_range */
function trimmedFrames({ take, wish }: LibraryTrack): { from: number; to: number } {
  const from = Math.round(wish.start_offset * take.sample_rate);
  const to = take.frames - Math.round(wish.end_offset * take.sample_rate);
  if (!(from < to)) throw new PidentifyError('trim_out_of_range');
  return { from, to };
}

async function write({
  folder,
  artwork,
  flacWork,
  track,
  stretch,
}: {
  folder: string;
  artwork: Pick<ArtworkStore, 'load'>;
  flacWork: Pick<FlacWork, 'trim'>;
  track: LibraryTrack;
  stretch: { from: number; to: number };
}): Promise<string> {
  const { wish, take } = track;
  const { track_name: title, artist_name: artist, album_name: album, track_no: trackNo } = wish;
  const place = trackPlace({ artist, album, title, trackNo });
  const artistFolder = join(folder, place.artist);
  const albumFolder = join(artistFolder, place.album);
  await mkdir(albumFolder, { recursive: true });
  const workFolder = await besides({ folder, albumFolder });
  const unfinished = join(workFolder, `${randomUUID()}.tmp`);
  try {
    const picture = wish.track_image ? await artwork.load(wish.track_image) : null;
    const cover = picture && { bytes: picture.bytes, mime: pictureMime[picture.type] };
    await flacWork.trim({ source: take.path, target: unfinished, ...stretch, tags: tagsOf(track), cover });
    const path = await publish({ unfinished, wished: join(albumFolder, `${place.file}.flac`) });
    if (picture) await keepCoverFile({ folder: albumFolder, picture, workFolder });
    const portrait = wish.artist_image ? await artwork.load(wish.artist_image) : null;
    if (portrait) await keepCoverFile({ folder: artistFolder, picture: portrait, workFolder });
    return path;
  } finally {
    await rm(unfinished, { force: true });
    await removeEmpty(workFolder, albumFolder, artistFolder);
  }
}

/** A folder on the same file system, from where a file can be renamed into the album. */
async function besides({ folder, albumFolder }: { folder: string; albumFolder: string }): Promise<string> {
  const [library, album] = await Promise.all([stat(folder), stat(albumFolder)]);
  const workFolder = join(library.dev === album.dev ? folder : albumFolder, unfinishedFolder);
  await mkdir(workFolder, { recursive: true });
  return workFolder;
}

/** Folders that hold something stay, and so do those that another save has just removed. */
async function removeEmpty(...folders: string[]): Promise<void> {
  for (const folder of folders) await Promise.allSettled([rmdir(folder)]);
}

/** Vorbis comments; source of the names: xiph.org/vorbis/doc/v-comment.html. */
function tagsOf({ wish, released, label }: LibraryTrack): Record<string, string> {
  const tags = {
    TITLE: wish.track_name,
    ARTIST: wish.artist_name,
    ALBUM: wish.album_name,
    TRACKNUMBER: wish.track_no > 0 ? String(wish.track_no) : '',
    DATE: released ?? '',
    LABEL: label ?? '',
    ENCODED_BY: 'Pidentify',
  };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
}
