import type { Matcher } from '../matcher.ts';
import type { TrackMatch } from '../matcher-protocol.ts';
import { median } from '../median.ts';

/** Where a whole sound lies in another one: `offsetSeconds` of that one is where it begins (may be negative). */
export type Likeness = TrackMatch & {
  /** Seconds of the sound that agree on it. */
  seconds: number;
};

const windowSeconds = 20;
const shortestWindowSeconds = 8;
const mostWindows = 15;
/** Windows agree on where the sound begins, the more loosely the further they are from it. */
const agreementSeconds = 1.5;
const driftShare = 0.006;
const sharedShare = 0.5;

/**
 * Sounds of the index that a whole sound is like, the most alike first. It is compared in windows, each a question of
 * its own, so that what plays meanwhile is not kept waiting. One window is enough only where there is but one.
 */
export async function findAlike(
  matcher: Pick<Matcher, 'place'>,
  { fingerprint, seconds }: { fingerprint: Uint8Array; seconds: number },
): Promise<Likeness[]> {
  const step = Math.max(windowSeconds, seconds / mostWindows);
  const placed = new Map<number, TrackMatch[]>();
  let windows = 0;
  for (let from = 0; from === 0 || from + shortestWindowSeconds <= seconds; from += step) {
    windows += 1;
    const length = Math.min(windowSeconds, seconds - from);
    for (const match of await matcher.place(fingerprint, { fromSeconds: from, seconds: length })) {
      const begins = { ...match, offsetSeconds: match.offsetSeconds - from * match.speed };
      placed.set(match.trackKey, [...(placed.get(match.trackKey) ?? []), begins]);
    }
  }
  return [...placed.values()]
    .map((places) => agreed(places, { step, seconds }))
    .filter(({ votes }) => votes >= Math.min(2, windows))
    .map(({ likeness }) => likeness)
    .sort((a, b) => b.significance - a.significance);
}

/** Whether enough of the shorter one of two sounds (s) is alike. */
export function isAlike(likeness: Likeness, seconds: number, otherSeconds: number): boolean {
  return likeness.seconds >= sharedShare * Math.min(seconds, otherSeconds);
}

/** The place that most windows agree on. */
function agreed(places: TrackMatch[], { step, seconds }: { step: number; seconds: number }) {
  const tolerance = agreementSeconds + driftShare * seconds;
  const camps = places.map((one) =>
    places.filter((other) => Math.abs(other.offsetSeconds - one.offsetSeconds) <= tolerance),
  );
  const camp = camps.reduce((best, each) => (each.length > best.length ? each : best));
  const likeness: Likeness = {
    trackKey: camp[0].trackKey,
    offsetSeconds: median(camp.map((place) => place.offsetSeconds)),
    speed: median(camp.map((place) => place.speed)),
    significance: camp.reduce((sum, place) => sum + place.significance, 0),
    seconds: Math.min(seconds, camp.length * step),
  };
  return { votes: camp.length, likeness };
}
