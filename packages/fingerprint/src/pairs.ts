import { STEPS, speedToSteps } from './geometry.ts';
import type { Peaks } from './peaks.ts';

/**
 * Landmark pairs (Wang 2003, section 2.2): an anchor peak and a later one, told by the anchor's
 * frequency, the difference of frequencies and the time between, each rounded to a cell.
 */
const SHORTEST = 4;
const LONGEST = 130;
const WIDEST = 29;
export const FRAMES_PER_CELL = 2;
const DIFFERENCES = 61;
const DELAYS = LONGEST / FRAMES_PER_CELL + 1;
export const BUCKETS = STEPS * DIFFERENCES * DELAYS;

/** Called for each pair in order of the anchor: its number, and the three coordinates, not rounded. */
export type PairVisitor = (
  anchor: number,
  frame: number,
  step: number,
  difference: number,
  delay: number,
) => void;

function bucketOf(step: number, difference: number, delay: number): number {
  return (step * DIFFERENCES + difference + (DIFFERENCES >> 1)) * DELAYS + delay;
}

/**
 * @param fan how many later peaks each anchor is paired with at most, the nearest in time first
 * @param speed how much faster than the record the peaks were played; they are taken back to 1
 * @param from first frame of the anchors, in the peaks' own time
 * @param to end of the anchors' frames
 */
export function visitPairs(
  peaks: Peaks,
  { fan, speed, from, to }: { fan: number; speed: number; from: number; to: number },
  visit: PairVisitor,
): void {
  const { count, time, step } = peaks;
  const shift = speedToSteps(speed);
  for (let i = 0; i < count; i++) {
    if (time[i] < from) continue;
    if (time[i] >= to) break;
    const anchorStep = step[i] - shift;
    if (anchorStep < 0 || anchorStep >= STEPS - 1) continue;
    const frame = time[i] * speed;
    for (let j = i + 1, partners = 0; j < count && partners < fan; j++) {
      const delay = time[j] * speed - frame;
      if (delay < SHORTEST) continue;
      if (delay > LONGEST) break;
      const difference = step[j] - step[i];
      if (difference > WIDEST || difference < -WIDEST) continue;
      partners++;
      visit(i, frame, anchorStep, difference, delay);
    }
  }
}

/** The one bucket under which the index files a pair. */
export function indexBucket(step: number, difference: number, delay: number): number {
  return bucketOf(Math.round(step), Math.round(difference), Math.round(delay / FRAMES_PER_CELL));
}

/** A coordinate this near to its cell's middle is not looked for in the cell beside. */
const SURE = 0.25;
const beside = new Int32Array(8);

/**
 * The buckets in which a query's pair may have been filed: its own and, where a coordinate lies near
 * an edge of its cell, the neighbour's (not for all three at once, which is rarely right).
 * @returns a buffer that the next call overwrites; `count` of its values hold
 */
export function probeBuckets(
  step: number,
  difference: number,
  delay: number,
): { readonly buckets: Int32Array; readonly count: number } {
  const s = Math.round(step);
  const d = Math.round(difference);
  const cells = delay / FRAMES_PER_CELL;
  const t = Math.round(cells);
  const s2 = neighbour(step, s, 0, STEPS - 1);
  const d2 = neighbour(difference, d, -WIDEST, WIDEST);
  const t2 = neighbour(cells, t, SHORTEST / FRAMES_PER_CELL, DELAYS - 1);
  let n = 0;
  beside[n++] = bucketOf(s, d, t);
  if (s2 !== s) beside[n++] = bucketOf(s2, d, t);
  if (d2 !== d) beside[n++] = bucketOf(s, d2, t);
  if (t2 !== t) beside[n++] = bucketOf(s, d, t2);
  if (s2 !== s && d2 !== d) beside[n++] = bucketOf(s2, d2, t);
  if (s2 !== s && t2 !== t) beside[n++] = bucketOf(s2, d, t2);
  if (d2 !== d && t2 !== t) beside[n++] = bucketOf(s, d2, t2);
  probes.count = n;
  return probes;
}

const probes = { buckets: beside, count: 0 };

function neighbour(value: number, cell: number, lowest: number, highest: number): number {
  const off = value - cell;
  if (off > SURE && cell < highest) return cell + 1;
  if (off < -SURE && cell > lowest) return cell - 1;
  return cell;
}
