/**
 * Whether the same unknown music heard twice becomes one row, and different music never does: every song of the folders
 * given is heard at seconds 5 to 65, then at seconds 25 to 70 under each condition; all hearings are in one index. Then, had the
 * first hearing been learnt: whether the second one, or the next song, would be learnt under the same name as something else.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createResampler, mixToMono, openAudioFile } from '@pidentify/audio';
import {
  createTrackFingerprinter,
  FINGERPRINT_SAMPLE_RATE as rate,
  TrackFingerprint,
} from '@pidentify/fingerprint';
import { musicOf } from '../e2e/program.ts';
import { createFindLearnt } from '../recorder/src/learn/alike.ts';
import { walk } from '../recorder/src/library/walk.ts';
import { createMatcher } from '../recorder/src/matcher.ts';
import { findAlike, isAlike } from '../recorder/src/unknown/likeness.ts';
import { median, printTable, quantile } from './figures.ts';

const songs = 200;
const folders = process.argv.length > 2 ? process.argv.slice(2) : [musicOf('sectoid'), musicOf('muldjord')];
const { files } = await walk(folders, new AbortController().signal);

/** The first 75 s of a song as the recorder would hear them; null when it is shorter. */
async function beginningOf(path: string): Promise<Float32Array | null> {
  const wanted = 75 * rate;
  const file = await openAudioFile(path);
  try {
    const resampler = createResampler({ from: file.sampleRate, to: rate });
    const pcm = new Float32Array(wanted + rate);
    let length = 0;
    for await (const planar of file.blocks()) {
      const block = resampler.push(mixToMono(planar, new Float32Array(planar[0].length)));
      pcm.set(block.subarray(0, pcm.length - length), length);
      length = Math.min(pcm.length, length + block.length);
      if (length >= wanted) return pcm.subarray(0, wanted);
    }
    return null;
  } finally {
    await file.close();
  }
}

/** As if a deck ran so much too fast. */
function atSpeed(pcm: Float32Array, speed: number): Float32Array {
  const resampler = createResampler({ from: Math.round((rate * speed) / 25) * 25, to: rate });
  const body = resampler.push(pcm);
  const tail = resampler.flush();
  return joined(body, tail);
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Pink noise (Kellet's filter) so many dB below the sound. */
function withNoise(pcm: Float32Array, db: number): Float32Array {
  const noise = new Float32Array(pcm.length);
  const state = [0, 0, 0];
  let seed = 1;
  for (let i = 0; i < noise.length; i += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const white = seed / 2 ** 31 - 1;
    state[0] = 0.99765 * state[0] + white * 0.099046;
    state[1] = 0.963 * state[1] + white * 0.2965164;
    state[2] = 0.57 * state[2] + white * 1.0526913;
    noise[i] = state[0] + state[1] + state[2] + white * 0.1848;
  }
  const rms = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const gain = rms(pcm) / rms(noise) / 10 ** (db / 20);
  return pcm.map((value, i) => value + gain * noise[i]);
}

const conditions: Record<string, (pcm: Float32Array) => Float32Array> = {
  'another part': (pcm) => pcm,
  'deck +2 %': (pcm) => atSpeed(pcm, 1.02),
  'deck -1.5 %, noise 20 dB below': (pcm) => withNoise(atSpeed(pcm, 0.985), 20),
  'noise 10 dB below': (pcm) => withNoise(pcm, 10),
};

function printOf(pcm: Float32Array): { fingerprint: Uint8Array; seconds: number } {
  const fingerprinter = createTrackFingerprinter();
  fingerprinter.push(pcm);
  return { fingerprint: fingerprinter.finish().bytes, seconds: pcm.length / rate };
}

const folder = mkdtempSync(join(tmpdir(), 'pidentify-bench-unknown-'));
const matcher = createMatcher({
  onDeath: (error) => {
    throw error;
  },
});
await matcher.open(join(folder, 'index'));
type Sound = ReturnType<typeof printOf>;
const heard: { key: number; path: string; pcm: Float32Array; first: Sound }[] = [];
/** Of each song the first hearing is learnt, under a name that is its key. */
const findLearnt = createFindLearnt({
  matcher,
  sounds: { find: (key) => heard[key - 1].first },
  learnt: {
    pieces: (trackId) => [{ trackKey: Number(trackId), trackId, offsetSeconds: 5, speed: 1, entryId: null }],
  },
});
const isLikeFirst = async (key: number, sound: Sound) =>
  (await findLearnt(String(key), sound, { offsetSeconds: 25, speed: 1 })).size > 0;
for (const { path } of files) {
  if (heard.length >= songs) break;
  const pcm = await beginningOf(path);
  if (!pcm) continue;
  const first = printOf(pcm.subarray(5 * rate, 65 * rate));
  // Silence and the like: nothing to know it by.
  if (new TrackFingerprint(first.fingerprint).count < 100) continue;
  const key = heard.length + 1;
  await matcher.add([{ trackKey: key, fingerprint: first.fingerprint }]);
  heard.push({ key, path, pcm: pcm.subarray(25 * rate, 70 * rate), first });
}

/** Judged by ear: the same recording twice in a collection is no mistake. */
const pairs = new Set<string>();
const pairOf = (...paths: string[]) =>
  paths
    .map((path) => basename(path))
    .sort()
    .join(' and ');
const rows: (string | number)[][] = [
  ['second hearing', 'one row', 'with another', 'ms median', 'ms p95', 'as the first', 'as the next song'],
];
for (const [name, change] of Object.entries(conditions)) {
  let own = 0;
  let wrong = 0;
  let same = 0;
  let mistaken = 0;
  const times: number[] = [];
  for (const { key, pcm } of heard) {
    const sound = printOf(change(pcm));
    const began = performance.now();
    const alike = (await findAlike(matcher, sound)).filter((likeness) =>
      isAlike(likeness, sound.seconds, heard[likeness.trackKey - 1].first.seconds),
    );
    times.push(performance.now() - began);
    if (alike.some((likeness) => likeness.trackKey === key)) own += 1;
    const others = alike.filter((likeness) => likeness.trackKey !== key);
    if (others.length > 0) wrong += 1;
    if (await isLikeFirst(key, sound)) same += 1;
    const next = heard[key % heard.length];
    if (await isLikeFirst(next.key, sound)) {
      mistaken += 1;
      pairs.add(pairOf(heard[key - 1].path, next.path));
    }
    for (const { trackKey } of others) pairs.add(pairOf(heard[key - 1].path, heard[trackKey - 1].path));
  }
  rows.push([
    name,
    `${own} of ${heard.length}`,
    `${wrong} of ${heard.length}`,
    median(times),
    quantile(times, 0.95),
    `${same} of ${heard.length}`,
    `${mistaken} of ${heard.length}`,
  ]);
}
printTable(`${heard.length} songs, each heard twice`, rows);
for (const pair of pairs) console.log(`  taken for alike: ${pair}`);
await matcher.close();
rmSync(folder, { recursive: true });
