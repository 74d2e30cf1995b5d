import { liveEntries, type Part, secondsOf } from './part.ts';

const HOUR = 3600;
/** Batches are paired in memory when first asked; more than this would be felt. */
const MOST_BATCH_SECONDS = 2 * HOUR;
const MOST_BATCHES = 64;
/** A vote counts in one array as long as the segment; beyond this it leaves the processor's cache. */
export const LARGEST_SEGMENT_SECONDS = 24 * HOUR;

/**
 * Which parts to rewrite as one segment now: none, or all batches and every segment that is not
 * larger than what it is merged with, so that each track is rewritten about log2(n) times
 * (the logarithmic method of Bentley and Saxe, 1980).
 */
export function partsToMerge(parts: readonly Part[]): Part[] {
  const batches = parts.filter((part) => part.kind === 'batch');
  const chosen = [...batches];
  let seconds = batches.reduce((sum, part) => sum + secondsOf(liveEntries(part)), 0);
  if (seconds < MOST_BATCH_SECONDS && batches.length < MOST_BATCHES) return [];
  const bySize = parts
    .filter((part) => part.kind === 'segment')
    .map((part) => ({ part, seconds: secondsOf(liveEntries(part)) }))
    .sort((a, b) => a.seconds - b.seconds);
  for (const candidate of bySize) {
    if (candidate.seconds > seconds || candidate.seconds + seconds > LARGEST_SEGMENT_SECONDS) break;
    chosen.push(candidate.part);
    seconds += candidate.seconds;
  }
  return chosen;
}
