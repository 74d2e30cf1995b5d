import { basename, dirname, extname } from 'node:path';

/** What the path of a sound file tells of its track. */
export type PathFacts = {
  title: string;
  trackNo?: number;
  discNo?: number;
  artist?: string;
  album?: string;
};

/** `01 - Name`, `1-07. Name`, `03_Name`: a number set off by a sign, or one that begins with 0. */
const NUMBERED = /^(?:(\d)-)?(?:(\d{1,3})\s*[-._)]+\s*|(0\d)\s+)(?=\D*\p{L})(.+)$/u;
/** Folders that hold artists rather than being one. */
const COLLECTIONS = new Set([
  ...['music', 'musik', 'musique', 'musica', 'música', 'songs', 'audio', 'media', 'library', 'flac', 'mp3'],
  ...['downloads', 'desktop', 'documents', 'home', 'tmp', 'data', 'share', 'various', 'various artists'],
]);

const readable = (name: string): string =>
  (name.includes(' ') ? name : name.replaceAll('_', ' ')).replaceAll(/\s+/g, ' ').trim();

/**
 * Title and number by the file's name; artist and album only where the path plainly is
 * `Artist/Album/NN - Title`.
 */
export function pathFacts(path: string): PathFacts {
  const name = readable(basename(path, extname(path)));
  const numbered = NUMBERED.exec(name);
  if (!numbered) return { title: name };
  const [, disc, signed, zeroed, title] = numbered;
  const facts = {
    title: title.trim(),
    trackNo: Number(signed ?? zeroed),
    ...(disc ? { discNo: Number(disc) } : {}),
  };
  const album = readable(basename(dirname(path)));
  const artist = readable(basename(dirname(dirname(path))));
  const plain = [album, artist].every((folder) => folder !== '' && !COLLECTIONS.has(folder.toLowerCase()));
  return plain ? { ...facts, artist, album } : facts;
}
