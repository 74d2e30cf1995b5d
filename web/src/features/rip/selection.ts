import type { TakeInfo } from '@pidentify/contracts';

/** The part of a take that is kept; seconds from its start. */
export type Selection = { start: number; end: number };
export type Edge = keyof Selection;

/** Shorter than this nothing is left to hear, and the server refuses it. */
export const shortestSelection = 0.1;

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** What the server proposes: the track without its margins; the whole take when that is not sensible. */
export function proposedSelection(take: Pick<TakeInfo, 'duration_seconds' | 'start_offset' | 'end_offset'>) {
  const { duration_seconds: duration } = take;
  const start = Math.max(0, take.start_offset);
  const end = Math.min(duration, duration - take.end_offset);
  return end - start >= shortestSelection ? { start, end } : { start: 0, end: duration };
}

/** Moves one edge; it stops at the ends of the take and just before the other edge. */
export function moveEdge({
  selection,
  edge,
  to,
  duration,
}: {
  selection: Selection;
  edge: Edge;
  to: number;
  duration: number;
}): Selection {
  if (edge === 'start') {
    return { ...selection, start: round(Math.min(Math.max(0, to), selection.end - shortestSelection)) };
  }
  return { ...selection, end: round(Math.max(Math.min(duration, to), selection.start + shortestSelection)) };
}

/** Offsets as the API wants them: seconds from the start and from the end. */
export function toOffsets({ selection, duration }: { selection: Selection; duration: number }) {
  return {
    start_offset: round(Math.max(0, selection.start)),
    end_offset: round(Math.max(0, duration - selection.end)),
  };
}

/** Seconds that an arrow key moves an edge; null for other keys. */
export function nudgeOf({ key, shiftKey }: { key: string; shiftKey: boolean }): number | null {
  const step = shiftKey ? 1 : 0.1;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return -step;
  if (key === 'ArrowRight' || key === 'ArrowUp') return step;
  if (key === 'PageDown') return -5;
  return key === 'PageUp' ? 5 : null;
}
