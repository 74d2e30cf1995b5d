import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Picture } from '../artwork/artwork.ts';
import { writeFileWhole } from '../files/files.ts';
import { claim } from './publish.ts';

/** Names under which players look for a picture of a folder. */
const coverName = /^(cover|folder)\.(jpe?g|png|webp)$/i;

/** Puts `cover.jpg` (or .png, .webp) into a folder that has no such picture yet. */
export async function keepCoverFile({
  folder,
  picture,
  workFolder,
}: {
  folder: string;
  picture: Picture;
  /** On the same file system, for what is not finished. */
  workFolder: string;
}): Promise<void> {
  const names = await readdir(folder);
  if (names.some((name) => coverName.test(name))) return;
  const unfinished = join(workFolder, `${randomUUID()}.tmp`);
  try {
    await writeFileWhole(unfinished, picture.bytes);
    await claim({ unfinished, path: join(folder, `cover.${picture.type}`) });
  } finally {
    await rm(unfinished, { force: true });
  }
}
