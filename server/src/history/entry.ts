import type { Entry } from '@pidentify/contracts';
import { z } from 'zod';
import { apiId, apiTime } from '../database/encoding.ts';
import type { HistoryTable, TracksTable } from '../database/tables.ts';

/** A play joined with its track. */
export type EntryRow = HistoryTable & Omit<TracksTable, 'track_guid'>;

const beginningOfTime = '1970-01-01T00:00:00.000Z';
const lastFmSchema = z.record(z.string(), z.unknown());

/**
 * A row as the API tells it. SQLite lets an old database hold anything in any column, so what does not
 * fit the contract is left out rather than making the whole page fail.
 */
export function entryOf(row: EntryRow): Entry {
  return {
    entry_id: apiId(row.entry_id),
    track_guid: apiId(row.track_guid),
    detected_at: apiTime(row.detected_at) ?? apiTime(row.started_at) ?? beginningOfTime,
    started_at: apiTime(row.started_at),
    ended_at: apiTime(row.ended_at),
    is_manual: Boolean(row.is_manual),
    inferred: Boolean(row.inferred),
    saved_temp_buffer: Boolean(row.saved_temp_buffer),
    saved_to_library: Boolean(row.saved_to_library),
    track: {
      track_guid: apiId(row.track_guid),
      track_name: text(row.track_name) ?? '',
      artist_name: text(row.artist_name),
      album_name: text(row.album_name),
      track_no: numberWithin(row.track_no, { max: 9999, whole: true }),
      label: text(row.label),
      released: text(row.released),
      track_image: text(row.track_image, 4096),
      artist_image: text(row.artist_image, 4096),
      duration_seconds: numberWithin(row.duration_seconds, { max: 86_400, whole: false }),
      last_fm: lastFm(row.last_fm),
    },
  };
}

function text(value: unknown, longest = 1024): string | null {
  return value === null || value === undefined ? null : String(value).slice(0, longest);
}

function numberWithin(value: unknown, { max, whole }: { max: number; whole: boolean }): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  const fits = number >= 0 && number <= max && (!whole || Number.isInteger(number));
  return fits ? number : null;
}

function lastFm(json: unknown): Record<string, unknown> | null {
  if (typeof json !== 'string') return null;
  try {
    return lastFmSchema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    // Not JSON: an extra of an old database that can be done without.
    return null;
  }
}
