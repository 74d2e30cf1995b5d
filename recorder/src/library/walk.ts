import { opendir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FoundFile } from './catalogue.ts';
import { type AwaitedFolder, identityOf } from './identity.ts';

const soundFile = new Set([
  '.flac',
  '.mp3',
  '.ogg',
  '.oga',
  '.opus',
  '.wav',
  '.wave',
  '.m4a',
  '.mp4',
  '.aac',
  '.alac',
  '.aif',
  '.aiff',
  '.aifc',
  '.wma',
]);

/** Stands in the place of bytes of a name that are no UTF-8, as in names of older systems: no file is found by such a one. */
const undecodable = '\ufffd';

export type WalkProblem = AwaitedFolder & { message: string };
/** `folders`: each that was walked, with its identity. */
export type WalkResult = { files: FoundFile[]; folders: Map<string, string>; problems: WalkProblem[] };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'This folder does not exist.',
  ENOTDIR: 'This is not a folder.',
  EACCES: 'This folder may not be read.',
  EPERM: 'This folder may not be read.',
};

/**
 * Every sound file below `roots`, by its extension. Hidden files and folders are left out. A folder that
 * cannot be read is a problem of its own; the others go on.
 */
export async function walk(roots: readonly string[], stop: AbortSignal): Promise<WalkResult> {
  const result: WalkResult = { files: [], folders: new Map(), problems: [] };
  const seen = new Set<string>();
  for (const root of roots) await walkFolder(root, result, seen, stop);
  return result;
}

async function walkFolder(
  folder: string,
  result: WalkResult,
  seen: Set<string>,
  stop: AbortSignal,
): Promise<void> {
  stop.throwIfAborted();
  try {
    const { dev, ino } = await stat(folder);
    // A link back up the tree would never end; a folder given twice counts once.
    const identity = `${dev}:${ino}`;
    if (ino !== 0 && seen.has(identity)) return;
    seen.add(identity);
    const subfolders: string[] = [];
    for await (const entry of await opendir(folder)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) subfolders.push(path);
      else if (entry.isSymbolicLink()) await followLink(path, subfolders, result);
      else if (entry.isFile()) await keepFile(path, result);
    }
    result.folders.set(folder, identity);
    for (const subfolder of subfolders.sort()) await walkFolder(subfolder, result, seen, stop);
  } catch (error) {
    stop.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const message = reasons[code] ?? `This folder cannot be read (${code}).`;
    result.problems.push({ path: folder, message, identity: await identityOf(folder) });
  }
}

async function followLink(path: string, subfolders: string[], result: WalkResult): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) subfolders.push(path);
    else await keepFile(path, result);
  } catch (error) {
    result.problems.push({
      path,
      message: `This link leads nowhere (${(error as NodeJS.ErrnoException).code}).`,
      identity: null,
    });
  }
}

async function keepFile(path: string, result: WalkResult): Promise<void> {
  if (!soundFile.has(extname(path).toLowerCase())) return;
  try {
    const { size, mtimeMs } = await stat(path);
    result.files.push({ path, size, mtimeMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Gone between the listing and now: the next walk, which its removal brings about, tells.
    if (!path.includes(undecodable)) return;
    result.problems.push({ path, message: 'The name of this file is not UTF-8: rename it.', identity: null });
  }
}
