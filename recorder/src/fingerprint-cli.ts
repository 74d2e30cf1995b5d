import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openAudioFile } from '@pidentify/audio';
import { createTrackFingerprinter, IndexStore, type TrackFingerprint } from '@pidentify/fingerprint';
import { replaceFile } from '@pidentify/platform';
import { decodeMono } from './library/decode-mono.ts';
import { openIndexFiles } from './library/index-files.ts';
import { walk } from './library/walk.ts';

/** The engine on its own, to be measured from outside; options and output are kept stable. */
const usage = `fingerprint index --store FOLDER PATH...
fingerprint query --store FOLDER --json CLIP...`;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Tracks are written together, as each write costs a flush to the disk. */
const perWrite = 16;
const filesName = 'files.json';

/** What was indexed: the key in the index by path, and the state of the file at that time. */
type KnownFile = { key: string; size: number; mtimeMs: number };
type KnownFiles = Record<string, KnownFile>;

async function readKnownFiles(folder: string): Promise<KnownFiles> {
  try {
    return JSON.parse(await readFile(join(folder, filesName), 'utf8')) as KnownFiles;
  } catch (error) {
    // A list that is missing or broken costs indexing again and nothing else.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

async function writeKnownFiles(folder: string, known: KnownFiles): Promise<void> {
  const path = join(folder, filesName);
  await replaceFile(path, JSON.stringify(known));
}

/** Hands the sound of a file on as mono at the fingerprint's rate, block by block. */
async function decode(path: string, push: (pcm: Float32Array) => void): Promise<void> {
  const file = await openAudioFile(path);
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
  const store = new IndexStore(await openIndexFiles(join(folder, 'index')));
  const state = await store.open();
  if (state.state === 'damaged') say(`damaged, left out: ${state.files.join(', ')}`);
  return store;
}

type FoundFile = { path: string; size: number; mtimeMs: number };

async function findFiles(paths: readonly string[]): Promise<{ files: FoundFile[]; problems: number }> {
  const files: FoundFile[] = [];
  let problems = 0;
  for (const path of paths.map((given) => resolve(given))) {
    const found = await stat(path).catch((error: Error) => error);
    if (found instanceof Error) {
      say(`left out ${path}: ${found.message}`);
      problems++;
    } else if (found.isDirectory()) {
      const below = await walk([path], new AbortController().signal);
      for (const problem of below.problems) say(`left out ${problem.path}: ${problem.message}`);
      problems += below.problems.length;
      files.push(...below.files);
    } else files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
  }
  return { files, problems };
}

function keyOf({ path, size, mtimeMs }: FoundFile): string {
  return createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('base64url').slice(0, 22);
}

async function index(folder: string, paths: readonly string[]): Promise<number> {
  const store = await openStore(folder);
  const known = await readKnownFiles(folder);
  const { files, problems } = await findFiles(paths);
  const news = files.filter((file) => known[file.path]?.key !== keyOf(file) || !store.has(keyOf(file)));
  let failed = problems;
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
  await forgetMissing(store, folder, known);
  const { tracks, hours, bytes } = store.stats();
  say(`${tracks} tracks, ${hours.toFixed(2)} h, ${(bytes / 1e6).toFixed(1)} MB; ${failed} left out`);
  return failed > 0 && tracks === 0 ? 1 : 0;
}

/** Removes files that are gone from the disk, and tracks of the index that no file stands for. */
async function forgetMissing(store: IndexStore, folder: string, known: KnownFiles): Promise<void> {
  for (const path of Object.keys(known)) {
    const gone = await stat(path).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (gone) delete known[path];
  }
  const current = new Set(Object.values(known).map((file) => file.key));
  await store.remove(...[...store.keys()].filter((key) => !current.has(key)));
  await writeKnownFiles(folder, known);
}

async function query(folder: string, clips: readonly string[]): Promise<number> {
  const store = await openStore(folder);
  const paths = new Map(Object.entries(await readKnownFiles(folder)).map(([path, { key }]) => [key, path]));
  let failed = 0;
  for (const clip of clips) {
    const pcm = await readClip(clip).catch((error: Error) => error);
    if (pcm instanceof Error) {
      failed++;
      say(`left out ${clip}: ${pcm.message}`);
      process.stdout.write(`${JSON.stringify({ clip, match: null, ms: 0, error: pcm.message })}\n`);
      continue;
    }
    const begun = performance.now();
    const found = store.query(pcm);
    const ms = Math.round((performance.now() - begun) * 100) / 100;
    const path = found === null ? undefined : paths.get(found.trackKey);
    const match =
      found === null || path === undefined
        ? null
        : {
            path,
            track: basename(path, extname(path)),
            offset_s: Math.round(found.offsetSeconds * 1000) / 1000,
            speed: Math.round(found.speed * 100_000) / 100_000,
            score: Math.round(found.significance * 100) / 100,
          };
    process.stdout.write(`${JSON.stringify({ clip, match, ms })}\n`);
  }
  return clips.length > 0 && failed === clips.length ? 1 : 0;
}

export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { store: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [verb, ...paths] = positionals;
  if (values.store === undefined || paths.length === 0 || (verb !== 'index' && verb !== 'query')) {
    say(usage);
    return 2;
  }
  return verb === 'index' ? index(values.store, paths) : query(values.store, paths);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
