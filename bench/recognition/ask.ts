import { join } from 'node:path';
import {
  encodeSegment,
  Matcher,
  openSegment,
  type RankedCandidate,
  type Segment,
} from '@pidentify/fingerprint';
import type { Corpus, Query } from './corpus.ts';
import { cpuSeconds } from './cpu.ts';
import { readClip } from './sound.ts';

/** What the engine said of a clip, whether it is believable or not. */
export interface Answer {
  readonly query: Query;
  readonly best: RankedCandidate | null;
  /** Significance of the best place of any other track. */
  readonly second: number;
  readonly cpuMs: number;
}

export function indexOf(corpus: Corpus): { segments: Segment[]; bytes: number; hours: number } {
  const entries = corpus.index.map(({ track, fingerprint }) => ({ key: track.id, fingerprint }));
  const bytes = encodeSegment(entries);
  const hours = entries.reduce((sum, { fingerprint }) => sum + fingerprint.seconds, 0) / 3600;
  return { segments: [openSegment(bytes)], bytes: bytes.length, hours };
}

/** Asks for every clip of the corpus that `wanted` takes. */
export async function askAll(
  corpus: Corpus,
  segments: readonly Segment[],
  wanted: (query: Query) => boolean = () => true,
): Promise<Answer[]> {
  const matcher = new Matcher();
  const answers: Answer[] = [];
  for (const query of corpus.queries.filter(wanted)) {
    const clip = await readClip(join(corpus.folder, query.file));
    const begun = cpuSeconds();
    const [best, second] = matcher.rank(segments, clip);
    const cpuMs = (cpuSeconds() - begun) * 1000;
    answers.push({ query, best: best ?? null, second: second?.significance ?? 0, cpuMs });
    if (answers.length % 1000 === 0) console.error(`${answers.length} clips asked for`);
  }
  return answers;
}

/** Right track, and the place within half a second. */
export function isRight({ query, best }: Answer): boolean {
  if (best === null || query.stranger || best.trackKey !== query.track) return false;
  return Math.abs(best.offsetSeconds - query.offset) <= 0.5;
}
