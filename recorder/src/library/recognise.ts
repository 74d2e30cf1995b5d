import type { AlikeFile, Catalogue, FoundFile } from './catalogue.ts';
import { endsId, wholeId } from './content-id.ts';

/** `id`: the name of the track that the file is to be read as. */
export type Recognised = { seen: 'moved' | 'copy' } | { seen: 'new'; id: string };

/**
 * Which track is a file that is new or has changed? The one place where that is decided:
 * - One that has changed stays the track that it was.
 * - Files of one size that begin and end alike (`endsId`) may be the same. Songs ripped from CDs have lengths in whole
 *   frames and silence at both ends, so that different ones can be alike, too.
 * - It has moved when an alike one is `gone`. That one can no longer be looked at: where the time of its last change is the
 *   same, nothing need be read, else the file is read anew and stays the track.
 * - It is a copy when an alike one is still there with the same bytes from end to end; one in the index is enough.
 * - Else it is a track of its own, named after its ends, and after all of its content where that name is taken. So a name
 *   tells by its length which of several alike ones it is when they move together.
 */
export async function recognise(
  catalogue: Catalogue,
  file: FoundFile,
  gone: ReadonlySet<string>,
): Promise<Recognised> {
  const own = catalogue.ownId(file.path);
  if (own !== null) return { seen: 'new', id: own };
  const ends = await endsId(file.path, file.size);
  const alike = catalogue.alike(ends).filter(({ path }) => path !== file.path);
  if (alike.length === 0) return { seen: 'new', id: ends };

  const whole = await wholeId(file.path);
  const isIndexed = ({ state }: AlikeFile): boolean => state === 'indexed';
  // The row of a file that has changed tells the size it has now, its id what it was named after.
  const missing = alike.filter(({ path, size }) => gone.has(path) && size === file.size);
  const moved =
    missing.filter(isIndexed).find(({ id }) => id === ends + whole) ??
    missing
      .filter(isIndexed)
      .find(({ id }) => id === ends && !alike.some((each) => each.id === ends + whole));
  if (moved) {
    const isSure = missing.some(({ id, mtimeMs }) => id === moved.id && mtimeMs === file.mtimeMs);
    catalogue.move(moved.path, isSure ? file : { ...moved, path: file.path });
    return isSure ? { seen: 'moved' } : { seen: 'new', id: moved.id };
  }
  for (const twin of alike.filter(({ path }) => !gone.has(path)).filter(isIndexed)) {
    if (twin.size !== file.size || !(await hasContent(twin.path, whole))) continue;
    catalogue.copy(file, twin.path);
    return { seen: 'copy' };
  }
  const taken = new Set(alike.map(({ id }) => id));
  if (!taken.has(ends)) return { seen: 'new', id: ends };
  let id = ends + whole;
  for (let next = 2; taken.has(id); next++) id = `${ends}${whole}-${next}`;
  return { seen: 'new', id };
}

/** A file that cannot be read now has not: nothing is called a copy of it. */
async function hasContent(path: string, whole: string): Promise<boolean> {
  try {
    return (await wholeId(path)) === whole;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
