import type { Stretch } from '../learn/hear.ts';

/** Less is an announcement, a jingle or the rest of a track, and hard to know again. */
export const shortestSeconds = 20;

/** The parts of a stretch in which no named track played, long enough to be worth keeping. */
export function unplayed(stretch: Stretch, plays: readonly Stretch[]): Stretch[] {
  const parts: Stretch[] = [];
  let at = stretch.fromMs;
  for (const { fromMs, toMs } of [...plays].sort((a, b) => a.fromMs - b.fromMs)) {
    if (toMs <= at || fromMs >= stretch.toMs) continue;
    parts.push({ fromMs: at, toMs: fromMs });
    at = toMs;
  }
  parts.push({ fromMs: at, toMs: stretch.toMs });
  return parts.filter(({ fromMs, toMs }) => toMs - fromMs >= shortestSeconds * 1000);
}
