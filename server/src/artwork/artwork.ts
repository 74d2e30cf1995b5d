import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PidentifyError } from '@pidentify/contracts';
import { fileError, isFile, writeFileWhole } from '../files/files.ts';

const artworkFile = /^[0-9a-f]{64}\.(jpg|png|webp)$/;
const artworkUrl = /^\/api\/artwork\/([0-9a-f]{64}\.(?:jpg|png|webp))$/;

export type Picture = { bytes: Uint8Array; type: 'jpg' | 'png' | 'webp' };
export const pictureMime = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;

/** Pictures by the hash of their content, in one folder; the recorder writes there as well. */
export type ArtworkStore = {
  folder: string;
  has: (file: string) => Promise<boolean>;
  /** Keeps a picture once and gives its web address. @throws image_not_allowed, disk_full, data_folder_unwritable */
  keep: (bytes: Uint8Array) => Promise<string>;
  /** The picture of a web address that `keep` gave, or null for any other and for one that is gone. */
  load: (url: string) => Promise<Picture | null>;
};

export function createArtworkStore(folder: string): ArtworkStore {
  return {
    folder,
    has: async (file) => artworkFile.test(file) && (await isFile(join(folder, file))),

    async keep(bytes) {
      const type = pictureType(bytes);
      if (!type) throw new PidentifyError('image_not_allowed', 'It must be a JPEG, PNG or WebP.');
      const name = `${createHash('sha256').update(bytes).digest('hex')}.${type}`;
      try {
        if (!(await isFile(join(folder, name)))) await writeFileWhole(join(folder, name), bytes);
      } catch (error) {
        throw fileError(error, 'data_folder_unwritable');
      }
      return `/api/artwork/${name}`;
    },

    async load(url) {
      const name = artworkUrl.exec(url)?.[1];
      if (!name || !(await isFile(join(folder, name)))) return null;
      const bytes = await readFile(join(folder, name));
      const type = pictureType(bytes);
      return type && { bytes, type };
    },
  };
}

/** What a picture is by its first bytes, whatever it is called. */
function pictureType(bytes: Uint8Array): Picture['type'] | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'webp' : null;
}
