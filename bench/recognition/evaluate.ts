import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTrackFingerprinter,
  encodeSegment,
  Matcher,
  openSegment,
  type RankedCandidate,
  type Segment,
  TrackFingerprint,
} from '@pidentify/fingerprint';
import { decode, readSound } from './sound.ts';

/** A clip of the corpus as make_queries.py lists it; `track` is null for a stranger's. */
export interface Query {
  readonly id: string;
  readonly file: string;
  readonly track: number | null;
  readonly src_track: number;
  readonly offset: number;
  readonly len: number;
  readonly cond: string;
  readonly negative: boolean;
  readonly speed?: number;
}

export interface Track {
  readonly id: number;
  readonly file: string;
  readonly pkg: string;
  readonly dur: number;
}

export interface Result {
  readonly query: Query;
  readonly best: RankedCandidate | null;
  readonly ms: number;
}

export interface Corpus {
  readonly tracks: readonly Track[];
  readonly indexed: readonly number[];
  readonly queries: readonly Query[];
  readonly folder: string;
}

export function readCorpus(folder: string, tracksFile: string): Corpus {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const tracks = JSON.parse(readFileSync(tracksFile, 'utf8'));
  return { tracks, indexed: manifest.index, queries: manifest.queries, folder };
}

/** Fingerprints of the indexed tracks; kept in `cache` by path, as decoding is most of the time. */
export async function indexCorpus(
  corpus: Corpus,
  cache: string,
): Promise<{ segment: Segment; bytes: number; seconds: number; cpuSeconds: number }> {
  mkdirSync(cache, { recursive: true });
  const byId = new Map(corpus.tracks.map((track) => [track.id, track]));
  const entries: { key: string; fingerprint: TrackFingerprint }[] = [];
  let cpuSeconds = 0;
  for (const id of corpus.indexed) {
    const path = byId.get(id)?.file ?? '';
    const kept = join(cache, createHash('sha256').update(path).digest('hex').slice(0, 24));
    if (!existsSync(kept)) {
      const fingerprinter = createTrackFingerprinter();
      await decode(path, (pcm) => {
        const begun = performance.now();
        fingerprinter.push(pcm);
        cpuSeconds += (performance.now() - begun) / 1000;
      });
      writeFileSync(kept, fingerprinter.finish().bytes);
    }
    entries.push({ key: String(id), fingerprint: new TrackFingerprint(new Uint8Array(readFileSync(kept))) });
  }
  const bytes = encodeSegment(entries);
  const seconds = entries.reduce((sum, entry) => sum + entry.fingerprint.seconds, 0);
  return { segment: openSegment(bytes), bytes: bytes.length, seconds, cpuSeconds };
}

export async function answerAll(
  corpus: Corpus,
  segment: Segment,
  queries: readonly Query[],
): Promise<Result[]> {
  const matcher = new Matcher();
  const results: Result[] = [];
  for (const query of queries) {
    const clip = await readSound(join(corpus.folder, query.file));
    const begun = performance.now();
    const [best] = matcher.rank([segment], clip);
    results.push({ query, best: best ?? null, ms: performance.now() - begun });
  }
  return results;
}

/** Right track, and the place within half a second. */
export function isRight({ query, best }: Result): boolean {
  if (best === null || query.track === null) return false;
  return best.trackKey === String(query.track) && Math.abs(best.offsetSeconds - query.offset) <= 0.5;
}
