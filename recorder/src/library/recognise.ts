import { access, constants } from 'node:fs/promises';
import type { AlikeFile, Catalogue, FoundFile } from './catalogue.ts';
import { endsId, wholeId } from './content-id.ts';

/** `id`: the name of the track that the file is to be read as. */
export type Recognised = { seen: 'moved' | 'copy' | 'later' } | { seen: 'new'; id: string };

/**
 * Which track is a file that is new or has changed? The one place where that is decided:
 * - One that has changed stays the track that it was.
 * - Files of one size that begin and end alike (`endsId`) may be the same. Songs ripped from CDs have lengths in whole
 *   frames and silence at both ends, so that different ones can be alike, too.
 * - It has moved when an alike one is `gone`. That one can no longer be looked at: where the time of its last change is the
 *   same, nothing need be read, else the file is read anew and stays the track.
 * - It is a copy when an alike one is still there with the same bytes from end to end; one in the index is enough.
 * - It is left for `later` when it may be a copy of one that cannot be read now, as on a drive that is not mounted: as a
 *   track of its own it would be one for good.
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

  const isIndexed = ({ state }: AlikeFile): boolean => state === 'indexed';
  // The row of a file that has changed tells the size it has now, its id what it was named after.
  const missing = alike.filter(({ path, size }) => gone.has(path) && size === file.size);
  const twins = alike.filter(isIndexed).filter(({ path, size }) => !gone.has(path) && size === file.size);
  // Each round asks again: the file is not read to its end for that.
  if (twins.length > 0 && !missing.some(isIndexed) && !(await isAnyReadable(twins))) return { seen: 'later' };
  const whole = await wholeId(file.path);
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
  let isUnsure = false;
  for (const twin of twins) {
    const content = await contentOf(twin.path);
    isUnsure ||= content === null;
    if (content !== whole) continue;
    catalogue.copy(file, twin.path);
    return { seen: 'copy' };
  }
  if (isUnsure) return { seen: 'later' };
  const taken = new Set(alike.map(({ id }) => id));
  if (!taken.has(ends)) return { seen: 'new', id: ends };
  let id = ends + whole;
  for (let next = 2; taken.has(id); next++) id = `${ends}${whole}-${next}`;
  return { seen: 'new', id };
}

async function isAnyReadable(files: readonly AlikeFile[]): Promise<boolean> {
  for (const { path } of files)
    if (await whereReadable(() => access(path, constants.R_OK).then(() => true))) return true;
  return false;
}

const contentOf = (path: string): Promise<string | null> => whereReadable(() => wholeId(path));

/** Null when the system does not let the file be read now. */
async function whereReadable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
