import type { Status } from '@pidentify/contracts';

export type Progress = { position: number; duration: number | null; fraction: number | null };

/**
 * Where the track is, in its own seconds: time since its start, stretched by the speed at which it
 * plays. Without a duration there is a position but no fraction. Null when nothing is known.
 */
export function trackProgress({
  status,
  now,
}: {
  status: Pick<Status, 'started_at' | 'duration_seconds' | 'speed' | 'track'>;
  now: number;
}): Progress | null {
  if (!status.track || !status.started_at) return null;
  const elapsed = ((now - Date.parse(status.started_at)) / 1000) * (status.speed ?? 1);
  const duration = status.track.duration_seconds || status.duration_seconds || null;
  const position = Math.max(0, duration === null ? elapsed : Math.min(elapsed, duration));
  return { position, duration, fraction: duration === null ? null : position / duration };
}
