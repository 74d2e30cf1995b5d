import type { Entry } from '@pidentify/contracts';
import { dayKey, dayText } from '../../ui/format.ts';

export type Day = { key: string; title: string; entries: Entry[] };

/** When an entry played, as far as it is known. */
export const playedAt = (entry: Entry) => entry.started_at ?? entry.detected_at;

/**
 * Entries by local calendar day, in the order given. An entry that is on two pages, because new ones
 * came while paging, is kept once.
 */
export function groupByDay({ entries, now }: { entries: readonly Entry[]; now: number }): Day[] {
  const seen = new Set<string>();
  const days: Day[] = [];
  for (const entry of entries) {
    if (seen.has(entry.entry_id)) continue;
    seen.add(entry.entry_id);
    const key = dayKey(playedAt(entry));
    const last = days.at(-1);
    if (last?.key === key) last.entries.push(entry);
    else days.push({ key, title: dayText(playedAt(entry), now), entries: [entry] });
  }
  return days;
}

/**
 * `in_library`: saved; `cut`: a take waits to be trimmed; `in_buffer`: can be cut out of the buffer;
 * `gone`: too old, or its start is not known.
 */
export type SaveState = 'in_library' | 'cut' | 'in_buffer' | 'gone';

export function saveState({
  entry,
  bufferSeconds,
  now,
}: {
  entry: Entry;
  bufferSeconds: number;
  now: number;
}): SaveState {
  if (entry.saved_to_library) return 'in_library';
  if (entry.saved_temp_buffer) return 'cut';
  if (!entry.started_at) return 'gone';
  return now - Date.parse(entry.started_at) < bufferSeconds * 1000 ? 'in_buffer' : 'gone';
}
