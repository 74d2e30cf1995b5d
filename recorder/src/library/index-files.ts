import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreFiles } from '@pidentify/fingerprint';
import { replaceFile } from '@pidentify/platform';

/** In the names of files that `replaceFile` has not finished. */
const unfinished = '.tmp-';

/** The files of the index in a folder of their own. Left-over temporary files of a crash are removed. */
export async function openIndexFiles(folder: string): Promise<StoreFiles> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.includes(unfinished)) await rm(join(folder, name), { force: true });
  }
  return {
    list: () => readdir(folder),
    read: (name) => readFile(join(folder, name)),
    writeAtomic: (name, bytes) => replaceFile(join(folder, name), bytes),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** The same files for who only asks, perhaps while another process writes them: nothing is made, removed or repaired. */
export function readIndexFiles(folder: string): StoreFiles {
  return {
    list: () => readdir(folder),
    read: (name) => readFile(join(folder, name)),
    writeAtomic: async () => undefined,
    remove: async () => undefined,
  };
}
