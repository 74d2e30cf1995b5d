import { PidentifyError, type Take } from '@pidentify/contracts';
import { apiTime } from '../database/encoding.ts';
import type { EntryRow } from '../history/entry.ts';
import type { KeptTake, Stretch } from './takes.ts';

/** Milliseconds by which wall clock and frames may differ without anything missing. */
const slackMs = 500;
/** The oldest of the buffer goes while we ask. */
const bufferSlackMs = 5_000;

/**
 * When the track played: until its known length is over, or until it was heard to end where that is
 * later; `to` is null while neither is known.
 * @throws PidentifyError start_unknown
 */
export function playedStretch(entry: EntryRow): { from: number; to: number | null } {
  const startedAt = apiTime(entry.started_at);
  if (!startedAt) throw new PidentifyError('start_unknown');
  const from = Date.parse(startedAt);
  const ends: number[] = [];
  const endedAt = apiTime(entry.ended_at);
  if (endedAt) ends.push(Date.parse(endedAt));
  const seconds = Number(entry.duration_seconds);
  if (seconds > 0) ends.push(from + (seconds * 1000) / (entry.speed > 0 ? entry.speed : 1));
  return { from, to: ends.length > 0 ? Math.max(...ends) : null };
}

/** What to cut: the track with so many seconds more on each side. */
export function wishedStretch(entry: EntryRow, { margin, now }: { margin: number; now: number }): Stretch {
  const { from, to } = playedStretch(entry);
  return { from: from - margin * 1000, to: Math.max(to ?? now, from) + margin * 1000 };
}

/**
 * Whether cutting again can give a better take: it lacks something that was asked for, and the buffer
 * still holds all of what it has.
 */
export function worthCutting({
  take,
  wish,
  now,
  bufferSeconds,
}: {
  take: KeptTake;
  wish: Stretch;
  now: number;
  bufferSeconds: number;
}): boolean {
  const has = stretchOf(take);
  const oldest = now - bufferSeconds * 1000 + bufferSlackMs;
  const lacksStart = wish.from < has.from - slackMs && has.from > oldest;
  const lacksEnd = wish.to > has.to + slackMs && now > has.to + slackMs;
  return (lacksStart || lacksEnd) && Math.max(has.from, wish.from) >= oldest;
}

/** Seconds from the start and from the end of the take to the track. */
export function suggestedOffsets(take: Take, entry: EntryRow): { start_offset: number; end_offset: number } {
  const has = stretchOf(take);
  const played = playedStretch(entry);
  const start = Math.max(0, (played.from - has.from) / 1000);
  const end = played.to === null ? 0 : Math.max(0, (has.to - played.to) / 1000);
  const leavesSome = start + end < take.duration_seconds;
  return leavesSome
    ? { start_offset: round(start), end_offset: round(end) }
    : { start_offset: 0, end_offset: 0 };
}

function stretchOf(take: Take): Stretch {
  const from = Date.parse(take.started_at);
  return { from, to: from + take.duration_seconds * 1000 };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
