import { DatabaseSync } from 'node:sqlite';

export type Lock = { release: () => void };

/** What nobody refers to is closed some day, and its lock with it. */
const held = new Set<DatabaseSync>();

/** SQLITE_BUSY */
const busy = 5;

/**
 * A lock that the system holds for this process: it is gone with the process, however that ends. SQLite has
 * it on every system. Waits up to `waitMs`, blocking; null: somebody else holds it. Throws when the file
 * cannot be made.
 */
export function takeLock(path: string, options: { waitMs: number }): Lock | null {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${Math.round(options.waitMs)}`);
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return null;
    throw error;
  }
  held.add(database);
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}
