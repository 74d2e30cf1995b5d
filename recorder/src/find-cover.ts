import { setTimeout as pause } from 'node:timers/promises';

/** A share that hangs must not hold back what was played. */
const limitMs = 2000;

type FindCoverOptions = {
  /** Web address of the cover of a sound file, or null; slow. */
  cover(path: string): Promise<string | null>;
  onTrouble(error: unknown): void;
};

/**
 * Looks for the covers of sound files, and waits for none longer than 2 s. While one takes longer no other is looked for, as
 * each would hold a thread of the disk.
 */
export function createFindCover({ cover, onTrouble }: FindCoverOptions) {
  /** Covers that were not there in time, and are still being read. */
  let late = 0;

  async function lookAt(path: string, onFound: (image: string | null) => void): Promise<void> {
    try {
      onFound(await cover(path));
    } catch (error) {
      onFound(null);
      onTrouble(error);
    }
  }

  /**
   * Resolves when the cover is there, or takes too long. `onFound` is given its web address (null: there is none), also when
   * that comes late, and nothing where it was not looked for.
   */
  return async function findCover(path: string, onFound: (image: string | null) => void): Promise<void> {
    if (late > 0) return;
    const limit = new AbortController();
    const isOver = pause(limitMs, true, { signal: limit.signal }).catch(() => false);
    const found = lookAt(path, onFound);
    const isLate = await Promise.race([found.then(() => false), isOver]);
    limit.abort();
    if (!isLate) return;
    late += 1;
    void found.then(() => {
      late -= 1;
    });
  };
}
export type FindCover = ReturnType<typeof createFindCover>;
