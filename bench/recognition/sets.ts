import { readFileSync } from 'node:fs';

/** A collection of music packages with the seed by which tracks, places and noises are drawn from it. */
export interface RecognitionSet {
  readonly name: 'development' | 'validation' | 'held-out' | 'unseen';
  readonly packages: readonly string[];
  /** Which tracks of these, where it is not all of them. */
  readonly tracks?: ReadonlySet<string>;
  /** Which of the tracks may be asked for as tracks to find, and which as strangers, where not all may. */
  readonly findable?: ReadonlySet<string>;
  readonly strange?: ReadonlySet<string>;
  readonly seed: number;
  /** Tracks of which clips are asked for, and tracks that are never indexed. */
  readonly positives: number;
  readonly strangers: number;
  /** Whether a stranger may be asked for as a track to find too; as a stranger it is left out of the index. */
  readonly overlap?: boolean;
}

const linesIn = (file: string): string[] =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');

/** What the engine was tuned on: the packages and the seed that the other engines were measured with. */
export const development: RecognitionSet = {
  name: 'development',
  packages: linesIn('packages-development.txt'),
  seed: 7,
  positives: 45,
  strangers: 60,
};

/** Held out when the engine was first measured, and used to choose the next one's threshold. */
export const validation: RecognitionSet = {
  name: 'validation',
  packages: linesIn('packages-validation.txt'),
  seed: 20261126,
  positives: 70,
  strangers: 215,
};

/** Held out when today's decision was first measured; the choice among places of one track was then made on it. */
export const heldOut: RecognitionSet = {
  name: 'held-out',
  packages: linesIn('packages-held-out.txt'),
  tracks: new Set(linesIn('tracks-held-out.txt')),
  seed: 20261127,
  positives: 110,
  strangers: 205,
  overlap: true,
};

const findable = new Set(linesIn('tracks-unseen.txt'));
const strange = new Set(linesIn('strangers-unseen.txt'));

/**
 * All recordings there are, each in a part that it never had: no track to find was one before, and no stranger was a
 * stranger before, nor does it share sound with another recording.
 */
export const unseen: RecognitionSet = {
  name: 'unseen',
  packages: [...development.packages, ...validation.packages, ...heldOut.packages],
  tracks: new Set([...findable, ...strange]),
  findable,
  strange,
  seed: 20261128,
  positives: 160,
  strangers: 220,
  overlap: true,
};

export const sets: readonly RecognitionSet[] = [development, validation, heldOut, unseen];

/** At most so many tracks of one package, lest one composer be half of the set. */
export const MOST_PER_PACKAGE = { development: 32, validation: 64, 'held-out': 128, unseen: 128 };

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
