import { type FSWatcher, watch } from 'node:fs';

/** Changes come in bursts (a copied album, an upload in parts): they count when it has been quiet this long. */
const settleMs = 1500;
const atMostMs = 15_000;

type FolderWatchOptions = { onChange(): void; onTrouble(folder: string, error: unknown): void };

/**
 * Watches folders (not what is below them: the caller names each one) and tells once when changes have
 * settled. `follow` replaces the folders, each with its identity: where a drive was mounted since, or taken away, the watch
 * would go on with the folder that was there before.
 */
export function createFolderWatch({ onChange, onTrouble }: FolderWatchOptions) {
  const watchers = new Map<string, { watcher: FSWatcher; identity: string }>();
  let timer: NodeJS.Timeout | undefined;
  let firstMs = 0;

  function changed(): void {
    const now = performance.now();
    if (!timer) firstMs = now;
    clearTimeout(timer);
    const wait = Math.max(0, Math.min(settleMs, firstMs + atMostMs - now));
    timer = setTimeout(() => {
      timer = undefined;
      onChange();
    }, wait);
  }

  function add(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, changed);
      watcher.on('error', () => {
        watchers.delete(folder);
        watcher.close();
        changed();
      });
      watchers.set(folder, { watcher, identity });
    } catch (error) {
      onTrouble(folder, error);
    }
  }

  return {
    follow(folders: ReadonlyMap<string, string>): void {
      for (const [folder, { watcher, identity }] of watchers) {
        if (folders.get(folder) === identity) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const [folder, identity] of folders) if (!watchers.has(folder)) add(folder, identity);
    },
    close(): void {
      clearTimeout(timer);
      for (const { watcher } of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
