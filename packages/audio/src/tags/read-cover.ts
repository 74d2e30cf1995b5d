import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { IPicture } from 'music-metadata';
import { type Picture, pictureFacts } from '../picture/picture.ts';

const MAX_BYTES = 10 * 1024 * 1024;
/** In the order of preference. */
const COVER_NAMES = ['cover', 'folder', 'front', 'album', 'albumart'];
const COVER_FILE = /^(\w+)\.(?:jpe?g|png|webp|gif)$/i;

/**
 * The picture in a sound file, else the cover that lies in its folder; null when there is none of at
 * most 10 MB that is a JPEG, PNG, WebP or GIF.
 */
export async function readCover(path: string): Promise<Picture | null> {
  return (await embeddedCover(path)) ?? (await folderCover(dirname(path)));
}

/** A picture with the kind that its content tells; null when it is none or too large. */
function usable(bytes: Uint8Array): Picture | null {
  const facts = bytes.length <= MAX_BYTES ? pictureFacts(bytes) : null;
  return facts && { mime: facts.mime, bytes };
}

async function parsePictures(path: string): Promise<IPicture[]> {
  const { parseFile } = await import('music-metadata');
  try {
    return (await parseFile(path)).common.picture ?? [];
  } catch {
    // A file that is missing or broken has no picture to show, and its folder may have one.
    return [];
  }
}

async function embeddedCover(path: string): Promise<Picture | null> {
  const pictures = await parsePictures(path);
  const front = pictures.filter((picture) => picture.type === 'Cover (front)');
  for (const { data } of [...front, ...pictures]) {
    const picture = usable(data);
    if (picture) return picture;
  }
  return null;
}

async function folderCover(folder: string): Promise<Picture | null> {
  const names = await namesIn(folder);
  const rank = (name: string) => COVER_NAMES.indexOf(COVER_FILE.exec(name)?.[1].toLowerCase() ?? '');
  const covers = names.filter((name) => rank(name) >= 0).sort((a, b) => rank(a) - rank(b));
  for (const name of covers) {
    const picture = await pictureFile(join(folder, name));
    if (picture) return picture;
  }
  return null;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // A folder that cannot be listed is one without a cover.
    return [];
  }
}

async function pictureFile(path: string): Promise<Picture | null> {
  try {
    const { size } = await stat(path);
    return size <= MAX_BYTES ? usable(await readFile(path)) : null;
  } catch {
    // Gone or not readable: the same as not there.
    return null;
  }
}
