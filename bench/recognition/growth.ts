/**
 * How the index grows: builds stores of the music that `main.ts` has fetched, and of variants of it, and opens
 * each in a process of its own to measure start-up, memory, queries.
 *
 *   node bench/recognition/growth.ts [HOURS...]      100 hours unless told otherwise
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { IndexStore } from '@pidentify/fingerprint';
import { openIndexFiles } from '../../recorder/src/library/index-files.ts';
import { median, printTable, quantile } from '../figures.ts';
import { cpuSeconds } from './cpu.ts';
import { type Fingerprinted, fingerprintOnce } from './fingerprints.ts';
import { development, validation } from './sets.ts';
import { readClip } from './sound.ts';
import { tracksOf } from './tracks.ts';
import { musicOfHours } from './variants.ts';

const cache = join(homedir(), '.cache', 'pidentify-recognition');
const CLIPS = 150;

interface Measured {
  readonly openMs: number;
  readonly rssMb: number;
  /** Heap and buffers that the open index holds. */
  readonly indexMb: number;
  readonly tracks: number;
  readonly queryMs: readonly number[];
}

function heldMb(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** In the process that has just begun: opens the store and asks with clips of 5 s. */
async function measure(folder: string): Promise<Measured> {
  const before = heldMb();
  const begun = performance.now();
  const store = new IndexStore(await openIndexFiles(folder));
  await store.open();
  const openMs = performance.now() - begun;
  const indexMb = heldMb() - before;
  const clips = join(cache, 'queries-development', 'clips');
  const files = (await readdir(clips)).filter((name) => name.endsWith('_05.wav'));
  const queryMs: number[] = [];
  for (let i = 0; i < CLIPS; i++) {
    const clip = await readClip(join(clips, files[Math.floor((i * files.length) / CLIPS)]));
    const asked = cpuSeconds();
    store.query(clip);
    queryMs.push((cpuSeconds() - asked) * 1000);
  }
  const rssMb = process.resourceUsage().maxRSS / 1024;
  return { openMs, rssMb, indexMb, tracks: store.stats().tracks, queryMs };
}

async function realMusic(): Promise<Fingerprinted[]> {
  const real: Fingerprinted[] = [];
  for (const set of [development, validation])
    for (const track of await tracksOf(set, cache)) real.push(await fingerprintOnce(track, cache));
  return real;
}

async function buildStore(folder: string, real: readonly Fingerprinted[], hours: number): Promise<number> {
  const store = new IndexStore(await openIndexFiles(folder));
  await store.open();
  let pending: { key: string; fingerprint: Fingerprinted['fingerprint'] }[] = [];
  const begun = cpuSeconds();
  for (const entry of musicOfHours(real, hours)) {
    pending.push(entry);
    if (pending.length < 64) continue;
    await store.add(...pending);
    pending = [];
  }
  await store.add(...pending);
  return cpuSeconds() - begun;
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

if (process.argv[2] === '--measure') {
  console.log(JSON.stringify(await measure(process.argv[3])));
} else {
  const hours = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100];
  const real = await realMusic();
  const rows: (string | number)[][] = [];
  for (const many of hours) {
    const folder = await mkdtemp(join(tmpdir(), 'pidentify-growth-'));
    const built = await buildStore(folder, real, many);
    const bytes = await bytesIn(folder);
    const output = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, '--measure', folder]);
    const { openMs, rssMb, indexMb, tracks, queryMs } = JSON.parse(output.toString()) as Measured;
    rows.push([
      many,
      tracks,
      bytes / 1e6 / many,
      built,
      openMs,
      rssMb,
      indexMb,
      median(queryMs),
      quantile(queryMs, 0.95),
    ]);
    await rm(folder, { recursive: true });
  }
  printTable('growth: real tracks, then variants of them; queries of 5 s; CPU times', [
    [
      'hours',
      'tracks',
      'MB an hour',
      'build s',
      'open ms',
      'peak RSS MB',
      'index MB',
      'query ms',
      '95th percentile',
    ],
    ...rows,
  ]);
}
