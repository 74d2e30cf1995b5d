import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';

/**
 * Gives a finished file its name without ever replacing another: a taken `A.flac` becomes `A (2).flac`.
 * Both paths are on one file system. Returns the path it got; `unfinished` is gone then.
 */
export async function publish({
  unfinished,
  wished,
}: {
  unfinished: string;
  wished: string;
}): Promise<string> {
  for (let copy = 1; copy < 1000; copy += 1) {
    const path = copy === 1 ? wished : numbered(wished, copy);
    if (await claim({ unfinished, path })) {
      await syncFolder(dirname(path));
      return path;
    }
  }
  throw new Error(`a thousand files are called ${wished}`);
}

function numbered(path: string, copy: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)} (${copy})${ending}`;
}

/** Gives a finished file this very name; false: it is taken. */
export async function claim({ unfinished, path }: { unfinished: string; path: string }): Promise<boolean> {
  try {
    await link(unfinished, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!withoutLinks.has(code ?? '')) throw error;
    return claimWithoutLinks({ unfinished, path });
  }
  await rm(unfinished);
  return true;
}

/** How exFAT, network shares and FUSE say that they have no hard links. */
const withoutLinks = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
  'EISDIR',
  'EXDEV',
]);

/** Takes the name with an empty file that only the maker of it may replace. */
async function claimWithoutLinks(names: { unfinished: string; path: string }): Promise<boolean> {
  try {
    await (await open(names.path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(names.unfinished, names.path);
  } catch (error) {
    await rm(names.path, { force: true });
    throw error;
  }
  return true;
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows and some network shares cannot do this; the file itself has been synced.
    return;
  }
}
