import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ErrorCode, PidentifyError } from '@pidentify/contracts';

/** Writes a file so that after a crash at any moment there is the old one, the new one, or none. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
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
