import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PidentifyError } from '@pidentify/contracts';
import type { Folders } from '@pidentify/platform';

/**
 * Makes the folders. Throws data_folder_unwritable; a music folder that cannot be used is a warning, since
 * everything but saving tracks works without it.
 */
export async function prepareFolders({ data, music, logs, run, cache }: Folders): Promise<string[]> {
  try {
    for (const folder of [data, logs, run]) await mkdir(folder, { recursive: true });
    // Asking for the rights is not enough: a disk may be full or mounted read-only.
    const probe = join(data, `.probe-${randomUUID()}`);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw new PidentifyError('data_folder_unwritable', `${data}: ${(cause as Error).message}`, { cause });
  }
  const problems = [
    await problemWith(music, constants.R_OK | constants.W_OK | constants.X_OK, 'The music folder'),
    await problemWith(cache, constants.W_OK, 'The cache folder'),
  ];
  return problems.filter((problem): problem is string => problem !== null);
}

async function problemWith(folder: string, rights: number, name: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, rights);
    return null;
  } catch (error) {
    return `${name} ${folder} cannot be used: ${(error as Error).message}.`;
  }
}
