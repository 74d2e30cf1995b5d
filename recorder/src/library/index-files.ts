import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreFiles } from '@pidentify/fingerprint';

const temporary = '.tmp';

/** The files of the index in a folder of their own. Left-over temporary files of a crash are removed. */
export async function openIndexFiles(folder: string): Promise<StoreFiles> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.endsWith(temporary)) await rm(join(folder, name), { force: true });
  }
  return {
    list: () => readdir(folder),
    read: (name) => readFile(join(folder, name)),
    async writeAtomic(name, bytes) {
      const path = join(folder, `${name}.${randomUUID()}${temporary}`);
      const file = await open(path, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(path, join(folder, name));
      await syncFolder(folder);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** Makes a rename itself durable, where the system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(folder, 'r');
  } catch (error) {
    // Windows opens no folders; its renames are journalled.
    if (
      (error as NodeJS.ErrnoException).code === 'EISDIR' ||
      (error as NodeJS.ErrnoException).code === 'EPERM'
    )
      return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
