import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';

type WatchPathOptions = {
  /** Something may have changed, and it has been quiet since. */
  onSign(): void;
  /** It cannot be watched, or no more. */
  onTrouble(error: unknown): void;
  /** A file that is being copied is not all there yet: it counts when nothing has happened for this long. */
  quietMs?: number;
};

/**
 * Tells when a file or folder that is not there, or not as it should be, may have changed: it came or went, was written
 * to, got other rights. Watches the nearest folder above it that is there, and its own content if it is a folder. A mount
 * onto a folder that was there before gives no sign. Returns the end of it.
 */
export function watchPath(path: string, { onSign, onTrouble, quietMs = 1000 }: WatchPathOptions): () => void {
  let watchers: FSWatcher[] = [];
  let watched = '';
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function stirred(): void {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => settled().catch(onTrouble), quietMs);
  }

  async function settled(): Promise<void> {
    // What happened in a place that was not watched until now was not seen: it has to be quiet there, too.
    if (await follow()) stirred();
    else if (!isClosed) onSign();
  }

  /** True when these are other places than before. */
  async function follow(): Promise<boolean> {
    const above = await nearestFolderAbove(path);
    const places = (await isFolder(path)) ? [above, path] : [above];
    if (isClosed || watched === places.join('\0')) return false;
    leave();
    watched = places.join('\0');
    const awaited = relative(above, path).split(sep)[0];
    for (const place of places) {
      const watcher = watch(place, { persistent: false }, (_, name) => {
        // Its own end, after which the same name may be another folder.
        if (name === basename(place)) watched = '';
        else if (place === above && name !== null && name !== awaited) return;
        stirred();
      });
      watcher.on('error', stirred);
      watchers.push(watcher);
    }
    return true;
  }

  function leave(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
    watched = '';
  }

  follow().then(stirred, onTrouble);
  return () => {
    isClosed = true;
    clearTimeout(timer);
    leave();
  };
}

async function nearestFolderAbove(path: string): Promise<string> {
  const folder = dirname(path);
  return folder === path || (await isFolder(folder)) ? folder : nearestFolderAbove(folder);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // whatever the reason: one that cannot be looked at is not there for us
  }
}
