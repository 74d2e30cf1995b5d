import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSegment } from '@pidentify/fingerprint';
import { duplicatesIn } from './duplicates.ts';
import { type Fingerprinted, fingerprintOnce } from './fingerprints.ts';
import { type RecognitionSet, sets } from './sets.ts';
import { type Track, tracksOf } from './tracks.ts';

/** A clip as make_queries.py lists it. */
export interface Query {
  readonly file: string;
  readonly track: string;
  readonly stranger: boolean;
  readonly condition: string;
  /** Where in the track it begins, in seconds. */
  readonly offset: number;
  readonly seconds: number;
  readonly speed?: number;
}

export interface Corpus {
  readonly set: RecognitionSet;
  /** What is to be indexed: the set's tracks without mere strangers, and those of the sets before it as a crowd. */
  readonly index: readonly Fingerprinted[];
  readonly duplicates: ReadonlyMap<string, string>;
  readonly queries: readonly Query[];
  readonly strangers: number;
  readonly folder: string;
}

const say = (text: string): void => console.error(text);

/** All there is to do before anything can be asked; what an earlier run did is taken from `cache`. */
export async function prepareCorpus(set: RecognitionSet, cache: string): Promise<Corpus> {
  const all: Fingerprinted[] = [];
  const own = new Set((await tracksOf(set, cache)).map(({ id }) => id));
  const crowd = sets.slice(0, sets.indexOf(set) + 1);
  const tracks = new Map<string, Track>();
  for (const one of crowd) for (const track of await tracksOf(one, cache)) tracks.set(track.id, track);
  say(`${tracks.size} recordings, ${own.size} of them of this set`);
  for (const track of tracks.values()) {
    const one = await fingerprintOnce(track, cache);
    if (one.fingerprint.count > 0) all.push(one);
  }
  const segments = [buildSegment(all.map(({ track, fingerprint }) => ({ key: track.id, fingerprint })))];
  const duplicates = duplicatesIn(all, segments);
  const unique = all.filter(({ track }) => !duplicates.has(track.id));
  say(`${duplicates.size} are there twice, ${unique.length} stay`);
  const folder = join(cache, `queries-${set.name}`);
  const manifest = await queriesOf(
    set,
    unique.filter(({ track }) => own.has(track.id)),
    folder,
  );
  const strangers = new Set(manifest.strangers);
  for (const { track, stranger } of manifest.queries) if (!stranger) strangers.delete(track);
  return {
    set,
    index: unique.filter(({ track }) => !strangers.has(track.id)),
    duplicates,
    queries: manifest.queries.filter(({ track }) => !duplicates.has(track)),
    strangers: manifest.strangers.length,
    folder,
  };
}

interface Manifest {
  readonly strangers: readonly string[];
  readonly queries: readonly Query[];
}

async function queriesOf(
  set: RecognitionSet,
  own: readonly Fingerprinted[],
  folder: string,
): Promise<Manifest> {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    await mkdir(folder, { recursive: true });
    const tracks = join(folder, 'tracks.json');
    const parts = own.map(({ track }) => ({
      ...track,
      find: set.findable?.has(track.id) ?? true,
      stranger: set.strange?.has(track.id) ?? true,
    }));
    await writeFile(tracks, JSON.stringify(parts));
    await python([
      new URL('make_queries.py', import.meta.url).pathname,
      ...['--seed', String(set.seed), '--positives', String(set.positives)],
      ...['--strangers', String(set.strangers), '--tracks', tracks, '--out', folder],
      ...(set.overlap ? ['--overlap'] : []),
    ]);
    await rm(join(folder, 'source'), { recursive: true });
  }
  return JSON.parse(await readFile(manifest, 'utf8')) as Manifest;
}

function python(args: readonly string[]): Promise<void> {
  const child = spawn('/usr/bin/python3', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`make_queries.py: ${code}`))));
  });
}
