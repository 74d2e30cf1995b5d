import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@pidentify/platform';

/** A picture inside a sound file or beside it. */
export type Cover = { mime: string; bytes: Uint8Array };

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/jpg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
};

/**
 * Keeps a cover in `{folder}/{sha256}.{jpg|png|webp}`, once however many tracks have it, and gives the web
 * address under which the server shows it. Null for a kind of picture that browsers do not all show.
 */
export async function keepCover(folder: string, { mime, bytes }: Cover): Promise<string | null> {
  const extension = extensions[mime.toLowerCase()];
  if (!extension) return null;
  const name = `${createHash('sha256').update(bytes).digest('hex')}.${extension}`;
  const path = join(folder, name);
  if (!(await present(path))) {
    await mkdir(folder, { recursive: true });
    await replaceFile(path, bytes);
  }
  return `/api/artwork/${name}`;
}

async function present(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
