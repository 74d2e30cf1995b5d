/**
 * Index speed and query latency on Debian's fretsonfire songs (or the folders given): decoding apart from
 * fingerprinting, one core. `bench/recognition` measures recall.
 */
import { createResampler, mixToMono, openAudioFile } from '@pidentify/audio';
import {
  createTrackFingerprinter,
  FINGERPRINT_SAMPLE_RATE,
  IndexStore,
  type StoreFiles,
} from '@pidentify/fingerprint';
import { musicOf } from '../e2e/program.ts';
import { walk } from '../recorder/src/library/walk.ts';
import { median, printTable, quantile } from './figures.ts';

const folders = process.argv.length > 2 ? process.argv.slice(2) : [musicOf('sectoid'), musicOf('muldjord')];
const { files } = await walk(folders, new AbortController().signal);

const contents = new Map<string, Uint8Array>();
const memory: StoreFiles = {
  list: async () => [...contents.keys()],
  read: async (name) => contents.get(name) ?? new Uint8Array(),
  writeAtomic: async (name, bytes) => void contents.set(name, bytes.slice()),
  remove: async (name) => void contents.delete(name),
};
const store = new IndexStore(memory);
await store.open();

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let seconds = 0;
let decodeMs = 0;
let printMs = 0;
const clips: Float32Array[] = [];
for (const { path } of files) {
  let mark = cpuMs();
  const file = await openAudioFile(path);
  const resampler = createResampler({ from: file.sampleRate, to: FINGERPRINT_SAMPLE_RATE });
  const parts: Float32Array[] = [];
  for await (const block of file.blocks())
    parts.push(resampler.push(mixToMono(block, new Float32Array(block[0].length))));
  await file.close();
  decodeMs += cpuMs() - mark;
  const pcm = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    pcm.set(part, at);
    return at + part.length;
  }, 0);
  seconds += pcm.length / FINGERPRINT_SAMPLE_RATE;
  mark = cpuMs();
  const printer = createTrackFingerprinter();
  for (const part of parts) printer.push(part);
  await store.add({ key: path, fingerprint: printer.finish() });
  printMs += cpuMs() - mark;
  for (let at = 20; at + 5 < pcm.length / FINGERPRINT_SAMPLE_RATE; at += 20) {
    clips.push(pcm.slice(at * FINGERPRINT_SAMPLE_RATE, (at + 5) * FINGERPRINT_SAMPLE_RATE));
  }
}
const queryMs: number[] = [];
let named = 0;
for (const clip of clips) {
  const mark = performance.now();
  if (store.query(clip)) named += 1;
  queryMs.push(performance.now() - mark);
}
const { tracks, hours, bytes } = store.stats();
printTable(`index: ${tracks} tracks, ${hours.toFixed(2)} h`, [
  ['step', 'x real time, one core', 'bar'],
  ['decode and resample', (seconds * 1000) / decodeMs, '-'],
  ['fingerprint and store', (seconds * 1000) / printMs, '250'],
]);
printTable(
  `query of 5 s, ${clips.length} clips, ${named} named, index ${(bytes / 1e6 / hours).toFixed(2)} MB an hour of music`,
  [
    ['', 'median ms', '95th percentile ms'],
    ['query', median(queryMs), quantile(queryMs, 0.95)],
    ['bar', '60', '150'],
  ],
);
