import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { download } from './apt.ts';

const run = promisify(execFile);

const sound = /\.(ogg|oga|opus|mp3|flac|wav|m4a)$/i;
const soundPatterns = ['ogg', 'oga', 'opus', 'mp3', 'flac', 'wav', 'm4a'].map((ending) => `*.${ending}`);
/** Archives of games that hold their music. */
const archive = /\.(pk3|zip|love)$/i;

/** Where a package's sound files are, once `fetchPackage` has been there. */
export const unpackedFolder = (cache: string, name: string): string => join(cache, 'packages', name);

/** Gets a Debian package and unpacks it, unless that was done before; keeps its sound files alone. */
export async function fetchPackage(cache: string, name: string): Promise<void> {
  const folder = unpackedFolder(cache, name);
  if (existsSync(folder)) return;
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await download(name, { folder: part, cache });
  const [deb] = (await readdir(part)).filter((file) => file.endsWith('.deb'));
  await run('dpkg', ['-x', deb, '.'], { cwd: part });
  await rm(join(part, deb));
  for (const path of await filesBelow(part)) {
    if (archive.test(path)) await unzip(path);
    else if (!sound.test(path)) await rm(path);
  }
  await rename(part, folder);
}

async function unzip(path: string): Promise<void> {
  const folder = `${path}.d`;
  await run('unzip', ['-q', '-o', '-C', path, ...soundPatterns, '-d', folder]).catch(
    (error: { code?: number }) => {
      // 11: no member of that name. 1: warnings.
      if (error.code !== 11 && error.code !== 1) throw error;
    },
  );
  await rm(path);
}

/** Sound files of a package, in order of their path. */
export async function soundFiles(cache: string, name: string): Promise<string[]> {
  return (await filesBelow(unpackedFolder(cache, name))).filter((path) => sound.test(path)).sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
}
