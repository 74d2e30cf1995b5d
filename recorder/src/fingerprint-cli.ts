import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openAudioFile } from '@pidentify/audio';
import {
  createTrackFingerprinter,
  IndexStore,
  type Match,
  type TrackFingerprint,
} from '@pidentify/fingerprint';
import { decodeWithFfmpeg, takeLock } from '@pidentify/platform';
import { findGone, foldersAbove, type Searched } from './fingerprint-cli-gone.ts';
import {
  type FoundFile,
  type KnownFiles,
  type KnownFolders,
  keyOf,
  readKnownFiles,
  readKnownFolders,
  writeKnownFiles,
  writeKnownFolders,
} from './fingerprint-files.ts';
import { decodeMono } from './library/decode-mono.ts';
import { identityOf } from './library/identity.ts';
import { openIndexFiles, readIndexFiles } from './library/index-files.ts';
import { walk } from './library/walk.ts';

/** The engine on its own, to be measured from outside; options and output are kept stable. */
const usage = `fingerprint index --store FOLDER PATH...
fingerprint query --store FOLDER --json CLIP...`;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Tracks are written together, as each write costs a flush to the disk. */
const perWrite = 16;
const indexName = 'index';
const lockName = 'lock.db';
const readAttempts = 3;

/** Hands the sound of a file on as mono at the fingerprint's rate, block by block. */
async function decode(path: string, push: (pcm: Float32Array) => void): Promise<void> {
  const file = await openAudioFile(path, { decodeExternally: decodeWithFfmpeg });
  try {
    for await (const { pcm } of decodeMono(file)) push(pcm);
  } finally {
    await file.close();
  }
}

async function fingerprintFile(path: string): Promise<TrackFingerprint> {
  const fingerprinter = createTrackFingerprinter();
  await decode(path, (pcm) => fingerprinter.push(pcm));
  return fingerprinter.finish();
}

async function readClip(path: string): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file.`);
  await decode(path, (pcm) => blocks.push(pcm));
  const clip = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    clip.set(block, at);
    at += block.length;
  }
  return clip;
}

async function openStore(folder: string): Promise<IndexStore> {
  const store = new IndexStore(await openIndexFiles(join(folder, indexName)));
  const state = await store.open();
  if (state.state === 'damaged') say(`damaged, left out: ${state.files.join(', ')}`);
  return store;
}

/** For questions alone. A file that is gone was most likely merged into another meanwhile, by whoever indexes. */
async function openForQuestions(folder: string): Promise<IndexStore> {
  const index = join(folder, indexName);
  const found = await stat(index).catch((error: Error) => error);
  if (found instanceof Error || !found.isDirectory()) throw new Error(`There is no store in ${folder}.`);
  for (let attempt = 1; ; attempt++) {
    const store = new IndexStore(readIndexFiles(index));
    const state = await store.open();
    if (state.state === 'ready') return store;
    if (attempt < readAttempts) continue;
    say(`damaged, left out: ${state.files.join(', ')}`);
    return store;
  }
}

/** `folders`: those with music, each with its identity. */
type Found = Searched & { folders: KnownFolders };

/** Each file once, whichever of the paths lead to it. */
async function findFiles(paths: readonly string[]): Promise<Found> {
  const files = new Map<string, FoundFile>();
  const roots: string[] = [];
  const hidden: string[] = [];
  const named = paths.map((given) => resolve(given));
  const identities = new Map<string, string | null>();
  for (const path of named) {
    const found = await stat(path).catch((error: Error) => error);
    if (found instanceof Error) {
      say(`left out ${path}: ${found.message}`);
      hidden.push(path);
    } else if (found.isDirectory()) roots.push(path);
    else {
      files.set(path, { path, size: found.size, mtimeMs: found.mtimeMs });
      identities.set(dirname(path), await identityOf(dirname(path)));
    }
  }
  const below = await walk(roots, new AbortController().signal);
  for (const problem of below.problems) say(`left out ${problem.path}: ${problem.message}`);
  hidden.push(...below.problems.map(({ path }) => path));
  for (const file of below.files) files.set(file.path, file);
  for (const [path, identity] of below.folders) identities.set(path, identity);
  // A folder without music may be what stands where a drive is to be mounted: it is not to be taken for the drive.
  const folders: KnownFolders = {};
  for (const path of foldersAbove(files.keys())) {
    const identity = identities.get(path);
    if (identity) folders[path] = identity;
  }
  return { files: [...files.values()], named, hidden, folders };
}

/** One process at a time writes a store. */
async function index(folder: string, paths: readonly string[]): Promise<number> {
  await mkdir(folder, { recursive: true });
  const lock = takeLock(join(folder, lockName), { waitMs: 0 });
  if (!lock) {
    say(`Another process is writing ${folder}. Try again when it has ended.`);
    return 1;
  }
  try {
    return await bringUpToDate(folder, paths);
  } finally {
    lock.release();
  }
}

async function bringUpToDate(folder: string, paths: readonly string[]): Promise<number> {
  const store = await openStore(folder);
  const known = await readKnownFiles(folder, say);
  const found = await findFiles(paths);
  const { files, hidden } = found;
  const news = files.filter((file) => known[file.path]?.key !== keyOf(file) || !store.has(keyOf(file)));
  let failed = hidden.length;
  let pending: { file: FoundFile; fingerprint: TrackFingerprint }[] = [];
  const write = async (): Promise<void> => {
    await store.add(...pending.map(({ file, fingerprint }) => ({ key: keyOf(file), fingerprint })));
    const replaced = pending.flatMap(({ file }) => known[file.path]?.key ?? []);
    for (const { file } of pending) known[file.path] = { ...file, key: keyOf(file) };
    const current = new Set(Object.values(known).map((file) => file.key));
    await store.remove(...replaced.filter((key) => !current.has(key)));
    await writeKnownFiles(folder, known);
    pending = [];
  };
  for (const [i, file] of news.entries()) {
    try {
      pending.push({ file, fingerprint: await fingerprintFile(file.path) });
      say(`${i + 1}/${news.length} ${file.path}`);
    } catch (error) {
      failed++;
      say(`left out ${file.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (pending.length === perWrite) await write();
  }
  await write();
  await forgetMissing(store, folder, { known, found });
  const { tracks, hours, bytes } = store.stats();
  say(`${tracks} tracks, ${hours.toFixed(2)} h, ${(bytes / 1e6).toFixed(1)} MB; ${failed} left out`);
  return failed > 0 && tracks === 0 ? 1 : 0;
}

/** Removes files that are gone, and tracks of the index that no file stands for. */
async function forgetMissing(
  store: IndexStore,
  folder: string,
  { known, found }: { known: KnownFiles; found: Found },
): Promise<void> {
  const folders = { ...(await readKnownFolders(folder, say)), ...found.folders };
  const { gone, kept } = await findGone(known, folders, found);
  for (const path of gone) delete known[path];
  for (const path of kept) say(`no music in ${path}: what is known of it is kept`);
  const current = new Set(Object.values(known).map((file) => file.key));
  await store.remove(...[...store.keys()].filter((key) => !current.has(key)));
  await writeKnownFiles(folder, known);
  const above = foldersAbove(Object.keys(known));
  await writeKnownFolders(
    folder,
    Object.fromEntries(Object.entries(folders).filter(([path]) => above.has(path))),
  );
}

/** One line for each clip, whatever happens. A path is named as it was last indexed, also where its file is gone since. */
async function query(folder: string, clips: readonly string[]): Promise<number> {
  const opened = await openForQuestions(folder).catch((error: Error) => error);
  const known = opened instanceof Error ? {} : await readKnownFiles(folder, say);
  const paths = new Map(Object.entries(known).map(([path, { key }]) => [key, path]));
  let failed = 0;
  for (const clip of clips) {
    let line: object;
    try {
      if (opened instanceof Error) throw opened;
      const pcm = await readClip(clip);
      const begun = performance.now();
      const found = opened.query(pcm);
      const ms = Math.round((performance.now() - begun) * 100) / 100;
      line = { clip, match: found && answerOf(found, paths), ms };
    } catch (error) {
      failed++;
      const message = error instanceof Error ? error.message : String(error);
      say(`left out ${clip}: ${message}`);
      line = { clip, match: null, ms: 0, error: message };
    }
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
  return clips.length > 0 && failed === clips.length ? 1 : 0;
}

/** A track whose file the damaged list no longer knows is named by its key. */
function answerOf(found: Match, paths: ReadonlyMap<string, string>) {
  const path = paths.get(found.trackKey) ?? found.trackKey;
  return {
    path,
    track: basename(path, extname(path)),
    offset_s: Math.round(found.offsetSeconds * 1000) / 1000,
    speed: Math.round(found.speed * 100_000) / 100_000,
    score: Math.round(found.significance * 100) / 100,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { store: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')))
      throw error;
    say(error.message);
    return null;
  }
}

export async function main(argv: readonly string[]): Promise<number> {
  const parsed = parse(argv);
  if (!parsed) {
    say(usage);
    return 2;
  }
  const { values, positionals } = parsed;
  const [verb, ...paths] = positionals;
  if (values.store === undefined || paths.length === 0 || (verb !== 'index' && verb !== 'query')) {
    say(usage);
    return 2;
  }
  return verb === 'index' ? index(values.store, paths) : query(values.store, paths);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
