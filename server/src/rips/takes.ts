import { join } from 'node:path';
import type { Take } from '@pidentify/contracts';
import { apiId, apiTime, flag, storedId, timeToStore } from '../database/encoding.ts';
import type { Database } from '../database/tables.ts';
import { isFile } from '../files/files.ts';
import type { EntryRow } from '../history/entry.ts';
import type { FlacWork } from './flac-work.ts';

/** A stretch of wall-clock time, milliseconds since 1970. */
export type Stretch = { from: number; to: number };

/** A take and the stretch that was asked for; null where the old program cut it. */
export type KeptTake = Take & { wish: Stretch | null };

/** Takes that wait to be trimmed: a FLAC file each in the `temp` folder, and what is known of it. */
export type Takes = {
  /** Null: not cut, or its file is gone. */
  find: (entry: EntryRow) => Promise<KeptTake | null>;
  keep: (take: Take, wish: Stretch) => Promise<void>;
  /** Every file that may belong to an entry, also as the old program named it. */
  files: (entryId: string) => string[];
  /** Where the chart of a take is kept. */
  chartFile: (entryId: string) => string;
};

export function createTakes({
  database,
  folder,
  flacWork,
  margin,
}: {
  database: Database;
  folder: string;
  flacWork: Pick<FlacWork, 'describe'>;
  /** Seconds that the old program left before the start of a track. */
  margin: () => number;
}): Takes {
  const named = (entryId: string, ending: string) => join(folder, `${apiId(storedId(entryId))}${ending}`);
  const ofOldProgram = (entryId: string) => join(folder, `${storedId(entryId)}.flac`);

  async function adopt(entry: EntryRow): Promise<KeptTake | null> {
    const entry_id = apiId(entry.entry_id);
    const startedAt = apiTime(entry.started_at);
    for (const path of [named(entry_id, '.flac'), ofOldProgram(entry_id)]) {
      if (!startedAt || !(await isFile(path))) continue;
      const facts = await flacWork.describe(path);
      const started_at = new Date(Date.parse(startedAt) - margin() * 1000).toISOString();
      return { ...facts, entry_id, path, started_at, clean: true, complete: true, wish: null };
    }
    return null;
  }

  return {
    chartFile: (entryId) => named(entryId, '.chart.json'),
    files: (entryId) => [named(entryId, '.flac'), ofOldProgram(entryId), named(entryId, '.chart.json')],

    async find(entry) {
      const row = await database
        .selectFrom('takes')
        .selectAll()
        .where('entry_id', '=', entry.entry_id)
        .executeTakeFirst();
      if (!row) return entry.saved_temp_buffer ? adopt(entry) : null;
      if (!(await isFile(row.path))) return null;
      const { wished_from, wished_to, ...facts } = row;
      return {
        ...facts,
        entry_id: apiId(row.entry_id),
        started_at: momentOf(row.started_at),
        clean: Boolean(row.clean),
        complete: Boolean(row.complete),
        wish: { from: Date.parse(momentOf(wished_from)), to: Date.parse(momentOf(wished_to)) },
      };
    },

    async keep({ clean, complete, started_at, ...facts }, wish) {
      const values = {
        ...facts,
        entry_id: storedId(facts.entry_id),
        started_at: timeToStore(started_at),
        wished_from: timeToStore(new Date(wish.from).toISOString()),
        wished_to: timeToStore(new Date(wish.to).toISOString()),
        clean: flag(clean),
        complete: flag(complete),
      };
      await database
        .insertInto('takes')
        .values(values)
        .onConflict((conflict) => conflict.column('entry_id').doUpdateSet(values))
        .execute();
    },
  };
}

/** We wrote it, so it is a time. */
function momentOf(stored: string): string {
  return apiTime(stored) ?? new Date(0).toISOString();
}
