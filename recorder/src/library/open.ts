import type { IndexHealth } from '@pidentify/contracts';
import type { Log } from '@pidentify/platform';
import { troubleIn } from '../trouble.ts';
import { createAwaited } from './awaited.ts';
import type { Catalogue } from './catalogue.ts';
import { createKeeper, type OtherTracks, type TrackIndex } from './keeper.ts';
import { createReader } from './reader.ts';
import { createFolderWatch } from './watch.ts';

type LibraryOptions = {
  catalogue: Catalogue;
  index: TrackIndex;
  others: OtherTracks;
  onHealth(health: IndexHealth): void;
  log: Log;
};

/** Keeps the index true to the music folders, and watches these for changes. */
export function openLibrary({ log, ...options }: LibraryOptions) {
  const keeper = createKeeper({
    ...options,
    reader: createReader(),
    onFolders: (folders) => watch.follow(folders),
    onAwaited: (folders) => awaited.follow(folders),
    onTrouble: troubleIn(log)('the index could not be brought up to date'),
  });
  const onTrouble = (folder: string, error: unknown) =>
    log('warn', `${folder} cannot be watched for changes: ${error}`);
  const watch = createFolderWatch({ onChange: keeper.refresh, onTrouble });
  const awaited = createAwaited({ onChange: keeper.refresh, onTrouble });

  return {
    follow: keeper.follow,
    refresh: keeper.refresh,
    /** Something happens: is a drive there that was not? */
    look: awaited.look,
    async close(): Promise<void> {
      watch.close();
      awaited.close();
      await keeper.close();
    },
  };
}
