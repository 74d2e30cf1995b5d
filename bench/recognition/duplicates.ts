import { Matcher, type Segment } from '@pidentify/fingerprint';
import type { Fingerprinted } from './fingerprints.ts';

/** Parts of a track that are looked for in all others. */
const WINDOW = 10;
const PLACES = [0.2, 0.4, 0.6, 0.8];
/** Fixed, so that the sets stay what they are whatever becomes of the engine's own threshold. */
const THRESHOLD = 9;

/**
 * Tracks that are another one over again, to be left out: a loop and its full version, one piece in two
 * packages. Each is matched against all; of two that share sound the later in `all` is told.
 */
export function duplicatesIn(
  all: readonly Fingerprinted[],
  segments: readonly Segment[],
): Map<string, string> {
  const matcher = new Matcher();
  const order = new Map(all.map(({ track }, i) => [track.id, i]));
  const earlier = new Map<string, string>();
  for (const [i, { fingerprint }] of all.entries()) {
    for (const part of PLACES) {
      const from = Math.max(0, part * fingerprint.seconds - WINDOW / 2);
      const match = matcher.query(segments, fingerprint.excerpt(from, from + WINDOW), {
        threshold: THRESHOLD,
      });
      if (match === null) continue;
      for (const { trackKey } of [match, ...match.alternatives]) {
        const other = order.get(trackKey) ?? i;
        if (other !== i) earlier.set(all[Math.max(i, other)].track.id, all[Math.min(i, other)].track.id);
      }
    }
  }
  return earlier;
}
