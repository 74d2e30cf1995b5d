import { access, constants, stat } from 'node:fs/promises';

/** A folder in which no music was found. `identity`: what stood there then; null: nothing that can be read. */
export type AwaitedFolder = { path: string; identity: string | null };

/**
 * Names the very folder that stands at a path now: another one after a drive was mounted there or taken away. Null when
 * none can be read there.
 */
export async function identityOf(path: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(path);
    await access(path, constants.R_OK | constants.X_OK);
    return `${dev}:${ino}`;
  } catch {
    return null; // whatever the reason, there is nothing to walk
  }
}
