import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { encodeSegment, type RankedCandidate } from '@pidentify/fingerprint';
import type { Share } from './ask-worker.ts';
import type { Corpus, Query } from './corpus.ts';

/** What the engine said of a clip, whether it is believable or not. */
export interface Answer {
  readonly query: Query;
  readonly best: RankedCandidate | null;
  /** Significance of the best place of any other track. */
  readonly second: number;
  /** Processor time, without reading and decoding the clip. */
  readonly cpuMs: number;
}

export function indexOf(corpus: Corpus): { segment: Uint8Array; hours: number } {
  const entries = corpus.index.map(({ track, fingerprint }) => ({ key: track.id, fingerprint }));
  const encoded = encodeSegment(entries);
  const segment = new Uint8Array(new SharedArrayBuffer(encoded.length));
  segment.set(encoded);
  const hours = entries.reduce((sum, { fingerprint }) => sum + fingerprint.seconds, 0) / 3600;
  return { segment, hours };
}

/** Asks for these clips, in as many threads as the machine has processors. */
export async function askAll(
  corpus: Corpus,
  segment: Uint8Array,
  queries: readonly Query[],
): Promise<Answer[]> {
  const threads = availableParallelism();
  const shares = Array.from({ length: threads }, (_, thread) =>
    ask({ segment, folder: corpus.folder, queries: queries.filter((_, i) => i % threads === thread) }),
  );
  return (await Promise.all(shares)).flat();
}

function ask(share: Share): Promise<Answer[]> {
  const worker = new Worker(new URL('./ask-worker.ts', import.meta.url), { workerData: share });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Right track, and the place within half a second. */
export function isRight({ query, best }: Answer): boolean {
  if (best === null || query.stranger || best.trackKey !== query.track) return false;
  return Math.abs(best.offsetSeconds - query.offset) <= 0.5;
}
