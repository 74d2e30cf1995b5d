/** Asks for some of the clips in a thread of its own. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Matcher, openSegment } from '@pidentify/fingerprint';
import type { Answer } from './ask.ts';
import type { Query } from './corpus.ts';
import { readClip } from './sound.ts';

export interface Share {
  readonly segment: Uint8Array;
  readonly folder: string;
  readonly queries: readonly Query[];
}

const { segment, folder, queries } = workerData as Share;
const segments = [openSegment(segment)];
const matcher = new Matcher();
const answers: Answer[] = [];
for (const query of queries) {
  const clip = await readClip(join(folder, query.file));
  const begun = process.threadCpuUsage();
  const isLive = (_: unknown, key: string) => !(query.stranger && key === query.track);
  const [best, second] = matcher.rank(segments, clip, { isLive });
  const { user, system } = process.threadCpuUsage(begun);
  answers.push({
    query,
    best: best ?? null,
    second: second?.significance ?? 0,
    cpuMs: (user + system) / 1000,
  });
  if (answers.length % 500 === 0) console.error(`${answers.length} of ${queries.length} clips asked for`);
}
parentPort?.postMessage(answers);
