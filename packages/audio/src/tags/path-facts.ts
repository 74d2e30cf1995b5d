import { basename, dirname, extname } from 'node:path';

/** What the path of a sound file tells of its track. */
export type PathFacts = {
  title: string;
  /** Letter of the side of a record; `trackNo` is then counted on it. */
  side?: string;
  trackNo?: number;
  discNo?: number;
  artist?: string;
  album?: string;
};

/** `01 - Name`, `1-07. Name`, `03_Name`, `1-12 Name`: a number set off by a sign, one that begins with 0, or one of a disc. */
const NUMBERED = /^(?:(\d)-)?(?:(\d{1,3})\s*[-._)]+\s*|(0\d|(?<=^\d-)\d\d)\s+)(?=\D*\p{L})(.+)$/u;
/** `A1 - Name`, `b02.Name`, `A1 Name`: as on a record. No more, because bands are called U2 and D12. */
const ON_A_SIDE = /^(?:([A-Ha-h])(0?[1-9])\s*[-._)]+\s*|([A-H])(0?[1-9])\s+)(.*[\p{L}\d].*)$/u;
/** Folders that hold artists rather than being one. */
const COLLECTIONS = new Set([
  ...['music', 'musik', 'musique', 'musica', 'música', 'songs', 'audio', 'media', 'library', 'flac', 'mp3'],
  ...['downloads', 'desktop', 'documents', 'home', 'tmp', 'data', 'share', 'various', 'various artists'],
]);

const readable = (name: string): string =>
  (name.includes(' ') ? name : name.replaceAll('_', ' ')).replaceAll(/\s+/g, ' ').trim();

type Numbered = Pick<PathFacts, 'title' | 'side' | 'trackNo' | 'discNo'>;

function numbered(name: string): Numbered | null {
  const counted = NUMBERED.exec(name);
  if (counted) {
    const [, disc, signed, plain, title] = counted;
    return {
      title: title.trim(),
      trackNo: Number(signed ?? plain),
      ...(disc && { discNo: Number(disc) }),
    };
  }
  const onASide = ON_A_SIDE.exec(name);
  if (!onASide) return null;
  const [, signedSide, signed, side, plain, title] = onASide;
  return {
    title: title.trim(),
    side: (signedSide ?? side).toUpperCase(),
    trackNo: Number(signed ?? plain),
  };
}

/**
 * Title and number by the file's name; artist and album only where the path plainly is
 * `Artist/Album/NN - Title`.
 */
export function pathFacts(path: string): PathFacts {
  const name = readable(basename(path, extname(path)));
  const facts = numbered(name);
  if (!facts) return { title: name };
  const album = readable(basename(dirname(path)));
  const artist = readable(basename(dirname(dirname(path))));
  const plain = [album, artist].every((folder) => folder !== '' && !COLLECTIONS.has(folder.toLowerCase()));
  return plain ? { ...facts, artist, album } : facts;
}
