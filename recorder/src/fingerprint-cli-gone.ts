/** Which files of the command's list are gone for good, and which may come back with a drive. */
import { lstat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { FoundFile, KnownFiles, KnownFolders } from './fingerprint-files.ts';
import { identityOf } from './library/identity.ts';

/** `named`: the paths given; `hidden`: those of them, or below them, that are missing or could not be walked. */
export type Searched = { files: FoundFile[]; named: string[]; hidden: string[] };

const isBelow = (folder: string, path: string): boolean => path.startsWith(join(folder, sep));

/** Every folder above one of the paths. */
export function foldersAbove(paths: Iterable<string>): Set<string> {
  const above = new Set<string>();
  for (const path of paths)
    for (let folder = dirname(path); !above.has(folder); folder = dirname(folder)) above.add(folder);
  return above;
}

/** A link that leads nowhere is there: what it leads to may come back. */
const isMissing = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

async function nearestStanding(folder: string): Promise<string> {
  let standing = folder;
  while (standing !== dirname(standing) && (await isMissing(standing))) standing = dirname(standing);
  return standing;
}

/**
 * The known paths to forget. Where a drive is to be mounted there is another folder without it, or none: a file is gone
 * only where the nearest folder still there is the very one it was indexed in, or has music now. It was named, or lies
 * below what was named, or was moved to a path found now. `kept`: the folders whose missing
 * files may come back.
 */
export async function findGone(
  known: KnownFiles,
  folders: KnownFolders,
  { files, named, hidden }: Searched,
): Promise<{ gone: string[]; kept: string[] }> {
  const withMusic = foldersAbove(files.map(({ path }) => path));
  const found = new Set(files.map(({ path }) => path));
  const states = new Set(files.map(({ size, mtimeMs }) => `${size}:${mtimeMs}`));
  const kept = new Set<string>();
  const gone: string[] = [];
  for (const [path, { size, mtimeMs }] of Object.entries(known)) {
    if (found.has(path)) continue;
    const isNamed = named.some((given) => given === path || isBelow(given, path));
    if (!isNamed && !states.has(`${size}:${mtimeMs}`)) continue;
    if (hidden.some((folder) => isBelow(folder, path)) || !(await isMissing(path))) continue;
    const standing = await nearestStanding(dirname(path));
    const identity = await identityOf(standing);
    const isSame = identity !== null && folders[standing] === identity;
    if (isSame || (isNamed && withMusic.has(standing))) gone.push(path);
    else if (isNamed) kept.add(standing);
  }
  return { gone, kept: [...kept] };
}
