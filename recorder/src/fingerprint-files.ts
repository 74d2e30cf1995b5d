/** The lists of files and of folders beside a store of the command `fingerprint`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@pidentify/platform';
import { z } from 'zod';

const filesName = 'files.json';
const foldersName = 'folders.json';

export type FoundFile = { path: string; size: number; mtimeMs: number };

/** Also the checksum of an entry of the list of files. */
export function keyOf({ path, size, mtimeMs }: FoundFile): string {
  return createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('base64url').slice(0, 22);
}

/** What was indexed: the key in the index by path, and the state of the file at that time. */
const knownFilesSchema = z.record(
  z.string(),
  z.object({ key: z.string(), size: z.number(), mtimeMs: z.number() }),
);
export type KnownFiles = z.infer<typeof knownFilesSchema>;

/** `schema` of a list; empty where there is none yet, or it is damaged, which is said. */
async function readList<T>(
  path: string,
  schema: z.ZodType<Record<string, T>>,
  say: (text: string) => void,
): Promise<Record<string, T>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    say(`damaged, left out: ${path}`);
    return {};
  }
}

/** Without what is damaged: a key is also the checksum of what it stands for. What is missing costs indexing again. */
export async function readKnownFiles(folder: string, say: (text: string) => void): Promise<KnownFiles> {
  const path = join(folder, filesName);
  const known = await readList(path, knownFilesSchema, say);
  const whole = Object.entries(known).filter(
    ([file, { key, ...state }]) => keyOf({ path: file, ...state }) === key,
  );
  const damaged = Object.keys(known).length - whole.length;
  if (damaged > 0) say(`damaged, left out: ${damaged} entries of ${path}`);
  return Object.fromEntries(whole);
}

export async function writeKnownFiles(folder: string, known: KnownFiles): Promise<void> {
  const path = join(folder, filesName);
  await replaceFile(path, JSON.stringify(known));
}

/** The folders with music by path, each with its identity when the music was last found. */
const knownFoldersSchema = z.record(z.string(), z.string());
export type KnownFolders = z.infer<typeof knownFoldersSchema>;

/** What is missing here costs only that files gone from there are kept until music is found there again. */
export function readKnownFolders(folder: string, say: (text: string) => void): Promise<KnownFolders> {
  return readList(join(folder, foldersName), knownFoldersSchema, say);
}

export async function writeKnownFolders(folder: string, known: KnownFolders): Promise<void> {
  await replaceFile(join(folder, foldersName), JSON.stringify(known));
}
