import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PidentifyError, toPidentifyError } from '@pidentify/contracts';
import type { Folders } from '@pidentify/platform';
import type { DiskWork } from './disk-work.ts';

/** More than starting writes at first. */
const probeBytes = 256 * 1024;
/** A music folder that takes longer is told of, and the start goes on without it. */
const sideLimitMs = 5_000;

/**
 * Makes the folders. Throws data_folder_unwritable, disk_full; a music folder that cannot be used is a warning, since
 * everything but saving tracks works without it.
 */
export async function prepareFolders(folders: Folders, disk: DiskWork): Promise<string[]> {
  const { data, music, logs, run, cache } = folders;
  try {
    for (const folder of [data, logs, run]) await makeFolder(folder);
    await tryWriting(data);
  } catch (cause) {
    const code = toPidentifyError(cause).code === 'disk_full' ? 'disk_full' : 'data_folder_unwritable';
    throw new PidentifyError(code, `${data}: ${(cause as Error).message}`, { cause });
  }
  const problems = await Promise.all([
    problemWith(music, constants.R_OK | constants.W_OK | constants.X_OK, 'The music folder', disk),
    problemWith(cache, constants.W_OK, 'The cache folder', disk),
  ]);
  return problems.filter((problem): problem is string => problem !== null);
}

/** As mkdir's `recursive`, which never ends where the system makes no folders (/proc). */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder && !(await isFolder(parent))) await makeFolder(parent);
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error;
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false, // whatever the reason, making it tells
  );

/** Asking for the rights is not enough: a disk may be full, which an empty file does not show, or mounted read-only. */
async function tryWriting(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  const file = await open(probe, 'wx');
  try {
    await file.writeFile(Buffer.alloc(probeBytes, 1));
    await file.sync();
  } finally {
    await file.close();
    await rm(probe);
  }
}

async function problemWith(
  folder: string,
  rights: number,
  name: string,
  disk: DiskWork,
): Promise<string | null> {
  const look = async () => {
    await makeFolder(folder);
    await access(folder, rights);
  };
  try {
    await disk.within(look(), sideLimitMs, () => new Error('it does not answer'));
    return null;
  } catch (error) {
    return `${name} ${folder} cannot be used: ${(error as Error).message}.`;
  }
}
