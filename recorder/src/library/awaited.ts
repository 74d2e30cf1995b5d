import { watchPath } from '../watch-path.ts';
import { type AwaitedFolder, identityOf } from './identity.ts';

type AwaitedOptions = {
  onChange(): void;
  onTrouble(folder: string, error: unknown): void;
  identify?: typeof identityOf;
};

/**
 * The folders in which a walk has found nothing, because a drive or a share is not mounted. Nothing is asked again and
 * again: where one is missing, its coming is watched for; of a mount onto an empty folder no system tells, so that
 * `look` is for moments at which something happens anyway.
 */
export function createAwaited({ onChange, onTrouble, identify = identityOf }: AwaitedOptions) {
  let awaited: readonly AwaitedFolder[] = [];
  const watches = new Map<string, () => void>();
  let isLooking = false;

  async function lookAtAll(): Promise<void> {
    for (const { path, identity } of awaited) {
      if ((await identify(path)) !== identity) return onChange();
    }
  }

  function look(): void {
    // A share that hangs holds a thread of the disk for each question: there is never more than one.
    if (isLooking) return;
    isLooking = true;
    void lookAtAll().finally(() => {
      isLooking = false;
    });
  }

  function endWatches(isOver: (path: string) => boolean): void {
    for (const [path, end] of watches) {
      if (!isOver(path)) continue;
      end();
      watches.delete(path);
    }
  }

  return {
    /** Replaces the folders that are awaited. */
    follow(folders: readonly AwaitedFolder[]): void {
      awaited = folders;
      const missing = new Set(folders.filter(({ identity }) => identity === null).map(({ path }) => path));
      endWatches((path) => !missing.has(path));
      for (const path of missing) {
        if (watches.has(path)) continue;
        watches.set(path, watchPath(path, { onSign: look, onTrouble: (error) => onTrouble(path, error) }));
      }
    },
    /** Begins a round when one of them is no longer as it was; costs next to nothing, and waits for nobody. */
    look,
    close(): void {
      awaited = [];
      endWatches(() => true);
    },
  };
}
