/**
 * How the vote grows to a million tracks, on synthetic postings: segments of a day of music with as many postings in
 * each bucket as a real one, at random places, and the real one among them. Told are the processor time of the
 * vote, and whether the right place is still a candidate, which a larger index takes away first.
 *
 *   node bench/recognition/growth-postings.ts [TRACKS...]      1000 10000 100000 1000000 unless told otherwise
 *
 * Memory (5 GB) holds 60,000 tracks; for more than that each synthetic segment is asked several times a query.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildSegment, extractLandmarks, Segment } from '@pidentify/fingerprint';
import { Voting } from '../../packages/fingerprint/src/vote.ts';
import { median, printTable, quantile } from '../figures.ts';
import { seeded } from '../seeded.ts';
import { type Corpus, prepareCorpus, type Query } from './corpus.ts';
import { cpuSeconds } from './cpu.ts';
import { development } from './sets.ts';
import { readClip } from './sound.ts';

const TRACK_SECONDS = 180;
const MOST_DISTINCT = 200;
const CANDIDATES = 120;
/** Questions to segments in all, for one size: half a minute to a few minutes. */
const MOST_WORK = 40_000;
const NEAR_SECONDS = 0.5;
const POSTING_BYTES = 3;
const UNITS_PER_SECOND = 11_025 / 256;
const CONDITIONS = ['clean', 'vinyl+2', 'pink5', 'pink0', 'babble5', 'room'];

/** The same buckets as a real segment, with places that mean nothing. */
function synthetic({ entries, postings }: Segment, seed: number): Segment {
  const random = seeded(seed);
  const bytes = new Uint8Array(postings.bytes.length);
  for (let at = 0; at < bytes.length; at += POSTING_BYTES) {
    const unit = Math.floor(random() * postings.units);
    bytes[at] = unit;
    bytes[at + 1] = unit >> 8;
    bytes[at + 2] = unit >> 16;
  }
  return new Segment(entries, { ...postings, bytes }, new Uint32Array(entries.length));
}

function isCandidate(real: Segment, segments: readonly Segment[], voting: Voting, asked: Asked): boolean {
  return voting.candidates(segments, asked.peaks, CANDIDATES).some(({ segment, unit }) => {
    if (segment !== real) return false;
    const { entry, frame } = segment.locate(unit);
    const seconds = frame / (2 * UNITS_PER_SECOND);
    return entry.key === asked.query.track && Math.abs(seconds - asked.query.offset) <= NEAR_SECONDS;
  });
}

interface Asked {
  readonly query: Query;
  readonly peaks: ReturnType<typeof extractLandmarks>;
}

async function questions(corpus: Corpus): Promise<Asked[]> {
  const asked: Asked[] = [];
  const wanted = corpus.queries.filter(
    ({ stranger, seconds, condition }) => !stranger && seconds === 5 && CONDITIONS.includes(condition),
  );
  for (const query of wanted.filter((_, i) => i % 3 === 0)) {
    const clip = await readClip(join(corpus.folder, query.file));
    asked.push({ query, peaks: extractLandmarks(clip, 'query') });
  }
  return asked;
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1e3, 1e4, 1e5, 1e6];
const corpus = await prepareCorpus(development, join(homedir(), '.cache', 'pidentify-recognition'));
const real = buildSegment(corpus.index.map(({ track, fingerprint }) => ({ key: track.id, fingerprint })));
const tracksEach = Math.round(real.postings.units / UNITS_PER_SECOND / TRACK_SECONDS);
const asked = await questions(corpus);
const distinct: Segment[] = [];
const rows: (string | number)[][] = [];
for (const tracks of sizes) {
  const needed = Math.max(0, Math.round(tracks / tracksEach) - 1);
  while (distinct.length < Math.min(needed, MOST_DISTINCT)) distinct.push(synthetic(real, distinct.length));
  const segments = [real, ...Array.from({ length: needed }, (_, i) => distinct[i % MOST_DISTINCT])];
  const voting = new Voting();
  const ms: number[] = [];
  let found = 0;
  const nth = Math.ceil((asked.length * segments.length) / MOST_WORK);
  const some = asked.filter((_, i) => i % nth === 0);
  for (const one of some) {
    const before = cpuSeconds();
    if (isCandidate(real, segments, voting, one)) found++;
    ms.push((cpuSeconds() - before) * 1000);
  }
  const gigabytes = (segments.length * real.postings.bytes.length) / 1e9;
  rows.push([
    tracks,
    segments.length,
    some.length,
    gigabytes,
    median(ms),
    quantile(ms, 0.95),
    (100 * found) / some.length,
  ]);
}
printTable(`the vote on synthetic postings: clips of 5 s under ${CONDITIONS.join(', ')}`, [
  [
    'tracks',
    'segments',
    'clips',
    'postings GB',
    'vote CPU ms',
    '95th percentile',
    'right place a candidate, %',
  ],
  ...rows,
]);
