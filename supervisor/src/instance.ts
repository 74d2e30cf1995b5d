import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { instanceSchema, PidentifyError } from '@pidentify/contracts';
import { takeLock } from '@pidentify/platform';

export type Instance = {
  /** Lets a second start point here. */
  tellUrl: (url: string) => Promise<void>;
  release: () => Promise<void>;
};

/**
 * Makes this process the only one with this data folder. Throws already_running, naming the first, and
 * data_folder_unwritable.
 */
export async function becomeInstance(runFolder: string): Promise<Instance> {
  const infoFile = join(runFolder, 'instance.json');
  const lock = lockFor(join(runFolder, 'instance.lock'));
  if (!lock) throw await alreadyRunning(infoFile);
  // Whole at every moment, but only for as long as we run: the start does not wait until the disk has put it away.
  const tell = async (url: string | null) => {
    await writeFile(`${infoFile}.new`, JSON.stringify({ pid: process.pid, url }));
    await rename(`${infoFile}.new`, infoFile);
  };
  await tell(null);
  return {
    tellUrl: tell,
    release: async () => {
      await rm(infoFile, { force: true });
      lock.release();
    },
  };
}

function lockFor(file: string): ReturnType<typeof takeLock> {
  try {
    return takeLock(file, { waitMs: 0 });
  } catch (cause) {
    const detail = `${file}: ${(cause as Error).message}`;
    throw new PidentifyError('data_folder_unwritable', detail, { cause });
  }
}

async function alreadyRunning(infoFile: string): Promise<PidentifyError> {
  const error = new PidentifyError('already_running');
  try {
    const { pid, url } = instanceSchema.parse(JSON.parse(await readFile(infoFile, 'utf8')));
    error.message = `Pidentify is already running with this data folder: ${url ?? 'it is starting'} (pid ${pid})`;
  } catch {
    // The first is just beginning or ending: the sentence without the address has to do.
  }
  return error;
}
