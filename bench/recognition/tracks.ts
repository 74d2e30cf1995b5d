import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { AudioFileError, openAudioFile } from '@pidentify/audio';
import { fetchPackage, soundFiles, unpackedFolder } from './fetch.ts';
import { MOST_PER_PACKAGE, notMusic, type RecognitionSet } from './sets.ts';

export interface Track {
  /** Package and path within it: the same on every machine. */
  readonly id: string;
  readonly package: string;
  readonly file: string;
  readonly seconds: number;
}

const SHORTEST = 60;
const LONGEST = 660;
/** What is smaller holds no minute of music. */
const FEWEST_BYTES = 150_000;

/** The recordings of a set's packages, which are fetched where they are missing. */
export async function tracksOf(set: RecognitionSet, cache: string): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const name of set.packages) {
    await fetchPackage(cache, name);
    const ofPackage = await tracksOfPackage(cache, name);
    const wanted = ofPackage.filter(({ id }) => set.tracks?.has(id) ?? true);
    tracks.push(...mixed(wanted).slice(0, MOST_PER_PACKAGE[set.name]));
  }
  return tracks.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function tracksOfPackage(cache: string, name: string): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const file of await soundFiles(cache, name)) {
    const id = `${name}/${relative(unpackedFolder(cache, name), file)}`;
    if (notMusic.some((pattern) => pattern.test(id)) || (await stat(file)).size < FEWEST_BYTES) continue;
    const seconds = await secondsOf(file);
    if (seconds >= SHORTEST && seconds <= LONGEST) tracks.push({ id, package: name, file, seconds });
  }
  return tracks;
}

/** 0 for what the recorder cannot decode. */
async function secondsOf(path: string): Promise<number> {
  try {
    const file = await openAudioFile(path);
    await file.close();
    return file.durationSeconds ?? 0;
  } catch (error) {
    if (error instanceof AudioFileError) return 0;
    throw error;
  }
}

/** In an order that has to do with nothing, and is the same everywhere. */
function mixed(tracks: readonly Track[]): Track[] {
  const order = (track: Track): string => createHash('sha256').update(track.id).digest('hex');
  return [...tracks].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
