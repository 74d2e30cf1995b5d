import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that appears at once and whole: under a name of its own beside `path`, to the disk,
 * then renamed. Without `replace` an existing file stays and the error has the code `EEXIST`. After
 * an error nothing is left behind. Throws Node's own errors and whatever `write` throws.
 */
export async function writeNewFile({
  path,
  replace,
  write,
}: {
  path: string;
  replace: boolean;
  write(file: FileHandle): Promise<void>;
}): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  const file = await open(temporary, 'wx');
  try {
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!replace) await claim({ temporary, path });
    else await rename(temporary, path);
  } catch (error) {
    await discard(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function discard(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch {
    // The error that led here is the one to tell; a leftover has a name that nothing looks for.
  }
}

/** Renames without writing over a file that is there. */
async function claim({ temporary, path }: { temporary: string; path: string }): Promise<void> {
  try {
    await link(temporary, path);
    await unlink(temporary);
  } catch (error) {
    if (!isWithoutLinks(error as NodeJS.ErrnoException)) throw error;
    const placeholder = await open(path, 'wx');
    await placeholder.close();
    await rename(temporary, path);
  }
}

/** Memory cards and network folders often have no hard links. */
const isWithoutLinks = ({ code }: NodeJS.ErrnoException): boolean =>
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'].includes(code ?? '');

/** Makes the new name last through a power cut. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Some systems do not let a folder be synced; the file itself is safe.
  }
}
