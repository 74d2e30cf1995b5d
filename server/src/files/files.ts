import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorCode, PidentifyError } from '@pidentify/contracts';
import { replaceFile } from '@pidentify/platform';

/** Writes a file as a whole or not at all, and its folder where there is none. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, content);
}

/** Whether there is a file (not a folder) at a path. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** An error of the file system as one of ours: a full disk as disk_full, all else as `otherwise`. */
export function fileError(error: unknown, otherwise: ErrorCode): PidentifyError {
  if (error instanceof PidentifyError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PidentifyError('disk_full', undefined, { cause: error });
  return new PidentifyError(otherwise, code ? `(${code})` : undefined, { cause: error });
}
