/**
 * Work on disks that may never come back: a network folder whose server is gone, a FIFO where a file should be. It must
 * hold up neither the start nor the end for ever.
 */
export type DiskWork = {
  /** The work's outcome, or throws `late()` when there is none after `limitMs`. What is late goes on behind our back. */
  within: <T>(work: Promise<T>, limitMs: number, late: () => Error) => Promise<T>;
  /** Resolves when nothing is pending, or after `limitMs`; to whether something is pending still. */
  settle: (limitMs: number) => Promise<boolean>;
};

export function createDiskWork(): DiskWork {
  const pending = new Set<Promise<unknown>>();

  async function within<T>(work: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
    const over = work.then(
      () => undefined,
      () => undefined, // the caller hears of it
    );
    pending.add(over);
    void over.then(() => pending.delete(over));
    const { promise: limit, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(late()), limitMs);
    return Promise.race([work, limit]).finally(() => clearTimeout(timer));
  }

  async function settle(limitMs: number): Promise<boolean> {
    const { promise: limit, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limitMs);
    await Promise.race([Promise.all(pending), limit]);
    clearTimeout(timer);
    return pending.size > 0;
  }

  return { within, settle };
}
