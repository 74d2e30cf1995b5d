import { join, sep } from 'node:path';
import type { IndexHealth } from '@pidentify/contracts';
import type { Catalogue, FileTags, FoundFile } from './catalogue.ts';
import type { AwaitedFolder } from './identity.ts';
import type { Reader } from './reader.ts';
import { recognise } from './recognise.ts';
import { type WalkProblem, walk } from './walk.ts';

/** A fingerprint on its way into the index. */
export type NewTrack = { trackKey: number; fingerprint: Uint8Array };

/** What the keeper needs of the index; calls resolve when the change is on disk. */
export type TrackIndex = {
  keys(): Promise<number[]>;
  add(tracks: NewTrack[]): Promise<void>;
  remove(trackKeys: number[]): Promise<void>;
};

/** Tracks of the index that are no files: sounds that were heard. They can be put back from here. */
export type OtherTracks = {
  keys(): number[];
  /** Null when it cannot be put back. */
  find(trackKey: number): { fingerprint: Uint8Array } | null;
};

type Read = { file: FoundFile; id: string; fingerprint: Uint8Array; seconds: number; tags: FileTags };

/** Tracks go into the index together: fewer, larger pieces, yet little is read twice after a crash. */
const batch = { tracks: 16, ms: 8000 };

const isBelow = (folder: string, path: string): boolean => path.startsWith(join(folder, sep));

const emptiedText =
  'There is no music in this folder any more: its drive may not be mounted. What is known of it is kept until there is.';

type KeeperOptions = {
  catalogue: Catalogue;
  index: TrackIndex;
  reader: Pick<Reader, 'read' | 'readTags' | 'close'>;
  others: OtherTracks;
  /** Folders that were walked and are to be watched, each with its identity. */
  onFolders(folders: ReadonlyMap<string, string>): void;
  /** Folders that could not be walked, and music folders with no music in them. */
  onAwaited(folders: AwaitedFolder[]): void;
  onHealth(health: IndexHealth): void;
  onTrouble(error: unknown): void;
};

/**
 * Keeps the index true to the music folders: one round walks them, reads what is new or changed and drops
 * what is gone. A file is in the catalogue only once its fingerprint is on disk, so a crash at any moment
 * costs at most reading a few files again.
 */
export function createKeeper(options: KeeperOptions) {
  const { catalogue, index, reader, others, onFolders, onAwaited, onHealth, onTrouble } = options;
  let roots: string[] = [];
  let round: Promise<void> | null = null;
  let again = false;
  let stop = new AbortController();
  let folderProblems: WalkProblem[] = [];
  let emptied: string[] = [];
  let reconciled = false;

  function tell(state: IndexHealth['state'], progress: number, current: string | null = null): void {
    const unmounted = emptied.map((path) => ({ path, message: emptiedText }));
    const unwalked = folderProblems.map(({ path, message }) => ({ path, message }));
    const problems = [...unwalked, ...unmounted, ...catalogue.problems()].slice(-50);
    onHealth({ state, progress, current, problems, ...catalogue.totals() });
  }

  /** After a crash or a rebuild the two may differ: what only one of them knows is dropped. */
  async function reconcile(): Promise<void> {
    const inIndex = new Set(await index.keys());
    const inCatalogue = new Set(catalogue.keys());
    const heard = new Set(others.keys());
    const orphans = [...inIndex].filter((key) => !inCatalogue.has(key) && !heard.has(key));
    if (orphans.length > 0) await index.remove(orphans);
    for (const key of inCatalogue) if (!inIndex.has(key)) catalogue.dropKey(key);
    await putBack([...heard].filter((key) => !inIndex.has(key)));
    reconciled = true;
  }

  /** Sounds that were heard and are no file cannot be read again: they come from the database. */
  async function putBack(trackKeys: number[]): Promise<void> {
    const tracks = trackKeys.flatMap((trackKey) => {
      const sound = others.find(trackKey);
      return sound ? [{ trackKey, fingerprint: sound.fingerprint }] : [];
    });
    if (tracks.length > 0) await index.add(tracks);
  }

  /**
   * A folder whose music is gone altogether is where a drive is to be mounted, far more often than one that somebody has
   * emptied: reading it again would take hours.
   */
  function findEmptied(files: readonly FoundFile[], gone: ReadonlySet<string>): string[] {
    const missing = [...gone].filter(catalogue.hasTrackAt);
    return roots.filter(
      (root) => !files.some(({ path }) => isBelow(root, path)) && missing.some((path) => isBelow(root, path)),
    );
  }

  const withoutMusic = (folders: ReadonlyMap<string, string>, files: readonly FoundFile[]): AwaitedFolder[] =>
    roots.flatMap((path) => {
      const identity = folders.get(path);
      return identity === undefined || files.some((file) => isBelow(path, file.path))
        ? []
        : [{ path, identity }];
    });

  async function runRound(signal: AbortSignal): Promise<void> {
    if (!reconciled) await reconcile();
    tell('scanning', 0);
    const { files, folders, problems } = await walk(roots, signal);
    onFolders(folders);
    onAwaited([...problems, ...withoutMusic(folders, files)]);
    const changes = catalogue.compare(files);
    // A folder that cannot be read now (a drive that is not mounted) is no reason to forget its music.
    const hidden = (path: string) => problems.some((problem) => isBelow(problem.path, path));
    const gone = new Set(changes.removed.filter((path) => !hidden(path)));
    folderProblems = problems;
    emptied = findEmptied(files, gone).filter((root) => emptied.includes(root));
    await takeIn([...changes.added, ...changes.changed], gone, signal);
    // A new one only now: its music may have moved to another folder.
    emptied = findEmptied(files, gone);
    const kept = (path: string) => emptied.some((root) => isBelow(root, path));
    const dropped = [...gone]
      .filter((path) => !kept(path))
      .map((path) => catalogue.removed(path))
      .filter((key) => key !== null);
    if (dropped.length > 0) await index.remove(dropped);
    await readOldTags(files, signal);
    tell('ready', 1);
  }

  async function takeIn(files: FoundFile[], gone: Set<string>, signal: AbortSignal): Promise<void> {
    let waiting: Read[] = [];
    let flushedMs = performance.now();
    for (const [position, file] of files.entries()) {
      signal.throwIfAborted();
      tell('indexing', position / files.length, file.path);
      // One that may have the same content is to be in the catalogue before.
      if (waiting.some((read) => read.file.size === file.size)) {
        await flush(waiting);
        waiting = [];
      }
      const read = await takeInOne(file, gone);
      if (read) waiting.push(read);
      if (waiting.length >= batch.tracks || performance.now() - flushedMs > batch.ms) {
        await flush(waiting);
        waiting = [];
        flushedMs = performance.now();
      }
    }
    await flush(waiting);
  }

  /** Reads a file unless its content is known already; null when nothing is left to put into the index. */
  async function takeInOne(file: FoundFile, gone: Set<string>): Promise<Read | null> {
    try {
      const recognised = await recognise(catalogue, file, gone);
      if (recognised.seen !== 'new') return null;
      const { id } = recognised;
      const answer = await reader.read(file.path);
      if (answer.read === 'track') return { file, id, ...answer };
      await dropFromIndex(catalogue.failed(file, answer.message));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Gone since the walk: the watch brings about another round.
      if (code === 'ENOENT') return null;
      if (code === undefined) throw error;
      await dropFromIndex(catalogue.failed(file, `The file cannot be read (${code}).`));
    }
    return null;
  }

  /** What cannot be read now is tried again in the next round. */
  async function readOldTags(files: readonly FoundFile[], signal: AbortSignal): Promise<void> {
    const found = new Set(files.map(({ path }) => path));
    const old = catalogue.withOldTags().filter(({ path }) => found.has(path));
    for (const [position, { trackKey, path }] of old.entries()) {
      signal.throwIfAborted();
      tell('indexing', position / old.length, path);
      const answer = await reader.readTags(path);
      if (answer.read === 'tags') catalogue.retag(trackKey, answer.tags);
    }
  }

  async function dropFromIndex(trackKey: number | null): Promise<void> {
    if (trackKey !== null) await index.remove([trackKey]);
  }

  async function flush(reads: Read[]): Promise<void> {
    if (reads.length === 0) return;
    const tracks = reads.map((read) => ({ ...read, trackKey: catalogue.newKey() }));
    await index.add(tracks.map(({ trackKey, fingerprint }) => ({ trackKey, fingerprint })));
    const replaced = tracks
      .map(({ file, id, trackKey, seconds, tags }) =>
        catalogue.indexed(file, { trackKey, contentId: id, seconds, tags }),
      )
      .filter((key) => key !== null);
    if (replaced.length > 0) await index.remove(replaced);
  }

  async function rounds(): Promise<void> {
    do {
      again = false;
      stop = new AbortController();
      try {
        await runRound(stop.signal);
      } catch (error) {
        if (stop.signal.aborted) continue;
        onTrouble(error);
        tell('failed', 0);
      }
    } while (again);
  }

  function refresh(): void {
    again = true;
    round ??= rounds().finally(() => {
      round = null;
    });
  }

  return {
    /** Sets the folders to keep and begins a round. */
    follow(folders: string[]): void {
      roots = folders;
      if (round) stop.abort();
      refresh();
    },
    /** Something changed in a folder. */
    refresh,
    /** Resolves when nothing is left to do. */
    settled: async (): Promise<void> => {
      while (round) await round;
    },
    async close(): Promise<void> {
      again = false;
      stop.abort();
      reader.close();
      await round;
    },
  };
}
export type Keeper = ReturnType<typeof createKeeper>;
