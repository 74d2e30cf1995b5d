import { readFileSync } from 'node:fs';

/** A collection of music packages with the seed by which tracks, places and noises are drawn from it. */
export interface RecognitionSet {
  readonly name: 'development' | 'held-out';
  readonly packages: readonly string[];
  readonly seed: number;
  /** Tracks of which clips are asked for, and tracks that are never indexed. */
  readonly positives: number;
  readonly strangers: number;
}

const packagesIn = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');

/** What the engine was tuned on: the packages and the seed that the other engines were measured with. */
export const development: RecognitionSet = {
  name: 'development',
  packages: packagesIn('packages-development.txt'),
  seed: 7,
  positives: 45,
  strangers: 60,
};

/** Never used to choose anything. All of the development set is indexed with it, to get in its way. */
export const heldOut: RecognitionSet = {
  name: 'held-out',
  packages: packagesIn('packages-held-out.txt'),
  seed: 20261126,
  positives: 70,
  strangers: 215,
};

/** At most so many tracks of one package, lest one composer be half of the set. */
export const MOST_PER_PACKAGE = { development: 32, 'held-out': 64 };

/**
 * No recordings of music: renders of MIDI files, songs that are there twice in other languages, and sounds
 * of weather, machines and speech. Told by hand from the packages' lists of files.
 */
export const notMusic = [
  /^(ri-li-data|fb-music-high|planetblupi-music-ogg)\//,
  /\/(ambience|ambient|environment|voices?|speech|dialogs?|sfx)\//i,
  /^krank\/.*atmo\./,
  /^freecol\/.*\.video\.ogg$/,
  /\/(rain|waves|wind|chapel)\.ogg$/,
];
