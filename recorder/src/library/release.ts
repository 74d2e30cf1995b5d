import { extname } from 'node:path';

/** What the order of a release needs of a file. */
type Numbered = {
  trackId: string;
  path: string;
  seconds: number;
  tags: {
    title: string;
    trackNo?: number | undefined;
    discNo?: number | undefined;
    side?: string | undefined;
  };
};

/** `place`: its number on the whole release, from 1, with room for what is missing; `side`: the same for all of a disc or a side. */
type Placed = { place: number; side: string };

const sameLengthSeconds = 2;

const discOf = ({ tags }: Numbered): number => tags.discNo ?? 1;
const sideOf = (file: Numbered): string => `${discOf(file)}${file.tags.side ?? ''}`;
const numberOf = ({ tags }: Numbered): number => tags.trackNo ?? 0;

const bySide = (a: Numbered, b: Numbered): number =>
  discOf(a) - discOf(b) || (a.tags.side ?? '').localeCompare(b.tags.side ?? '') || numberOf(a) - numberOf(b);

/** Of two files with one number: they are one track, as FLAC and as MP3. Discs without numbers of their own are no such thing. */
const isTwin = (a: Numbered, b: Numbered): boolean =>
  Math.abs(a.seconds - b.seconds) <= sameLengthSeconds &&
  (extname(a.path) !== extname(b.path) || a.tags.title === b.tags.title);

/** One file of each number, the one asked about before others, then one of its kind. Null where two songs have one number. */
function oneOfEach<T extends Numbered>(files: readonly T[], asked: T): T[] | null {
  const rank = ({ trackId, path }: T): number =>
    trackId === asked.trackId ? 0 : extname(path) === extname(asked.path) ? 1 : 2;
  const kept = new Map<string, T>();
  for (const file of files.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1))) {
    const number = `${sideOf(file)}/${numberOf(file)}`;
    const twin = kept.get(number);
    if (!twin) kept.set(number, file);
    else if (!isTwin(twin, file)) return null;
  }
  return [...kept.values()];
}

/**
 * The tracks of a release in order, by disc, side and number; `files` are all of it, `asked` among them. What has no number is
 * left out. Null where `asked` has none, or two songs have the same.
 */
export function inOrder<T extends Numbered>(files: readonly T[], asked: T): (T & Placed)[] | null {
  if (numberOf(asked) === 0) return null;
  const numbered = files.filter((file) => numberOf(file) > 0);
  const tracks = oneOfEach(numbered, asked)?.sort(bySide);
  if (!tracks) return null;
  const placed: (T & Placed)[] = [];
  let side = '';
  let before = 0;
  for (const track of tracks) {
    if (sideOf(track) !== side) {
      side = sideOf(track);
      const last = placed.at(-1)?.place ?? 0;
      // Some releases count on over their discs: 1 to 8, and 9 to 16 on the second.
      before = numberOf(track) > last ? 0 : last;
    }
    placed.push({ ...track, place: before + numberOf(track), side });
  }
  return placed;
}
