import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './run.ts';
import { type Segment, segmentName } from './run-folder.ts';

/**
 * Files whose last frame lies more than `seconds` behind the newest frame, by the clock or by the
 * sound recorded since: the second holds when the clock was set back. `runs` are oldest first.
 */
export function expiredSegments(
  runs: readonly Run[],
  { seconds, newestMs }: { seconds: number; newestMs: number },
): { run: Run; segment: Segment }[] {
  const expired: { run: Run; segment: Segment }[] = [];
  let kept = 0;
  for (const run of runs.toReversed()) {
    for (const segment of run.segments.toReversed()) {
      const age = newestMs - run.timeline.msOf(segment.firstFrame + segment.frames);
      if (age > seconds * 1000 || kept > seconds) expired.push({ run, segment });
      kept += segment.frames / run.format.sampleRate;
    }
  }
  return expired;
}

/** Deletes a file unless a take needs it. A file that cannot be deleted is tried again later. */
export async function deleteSegment(run: Run, segment: Segment): Promise<void> {
  const index = run.segments.indexOf(segment);
  if (index < 0 || run.isPinned(segment)) return;
  // Forgotten first: a take that begins now must not count on it.
  run.segments.splice(index, 1);
  try {
    await unlink(join(run.folder, segmentName(segment.firstFrame))).catch(ignoreMissing);
  } catch (error) {
    run.segments.unshift(segment);
    run.segments.sort((a, b) => a.firstFrame - b.firstFrame);
    throw error;
  }
}

/** For what was to be deleted and is gone: somebody emptied the folder. */
export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
