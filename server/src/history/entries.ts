import { rm } from 'node:fs/promises';
import { type Entry, PidentifyError, type TrackPatch, type WrongTrack } from '@pidentify/contracts';
import { apiId, apiTime, flag, storedId, timeToStore } from '../database/encoding.ts';
import type { Database, StoredId, TracksTable } from '../database/tables.ts';
import { type EntryRow, entryOf } from './entry.ts';

export type EntryPage = { entries: Entry[]; total: number };

/** What the rest of the server asks of the history. Ids are accepted with and without dashes. */
export type Entries = {
  /** One page, the newest `detected_at` first. `page` counts from 1. */
  list: (wish: { page: number; size: number }) => Promise<EntryPage>;
  find: (entryId: string) => Promise<Entry | null>;
  /** The row itself, for what the API does not tell. */
  findRow: (entryId: string) => Promise<EntryRow | null>;
  /** Corrects the tracks of these plays, and so every play of them. @throws entry_not_found, nothing changed */
  patch: (entryIds: readonly string[], patch: TrackPatch) => Promise<void>;
  /** Forgets plays and their takes for good. @throws entry_not_found, nothing removed */
  remove: (entryIds: readonly string[]) => Promise<void>;
  /** Forgets plays that were none; some may not have been written yet. */
  withdraw: (entryIds: readonly string[]) => Promise<void>;
  /** What providers call the track of a play, and when it was heard; null: there is no such play. */
  namesOf: (entryId: string) => Promise<WrongTrack | null>;
  /** The play was of another track: it is shown nowhere until `giveBack`. */
  takeBack: (entryId: string) => Promise<void>;
  isTakenBack: (entryId: string) => Promise<boolean>;
  /** @throws entry_not_found when it was not taken back */
  giveBack: (entryId: string) => Promise<void>;
  /** Removes what was cut for an entry, present or not. */
  discardTake: (entryId: string) => Promise<void>;
  /** Says that the sound of an entry has been cut out. */
  cutOut: (entryId: string) => Promise<void>;
  /** Says where the sound of an entry has been saved. */
  savedAs: (entryId: string, path: string) => Promise<void>;
};

export function createEntries({
  database,
  takeFiles,
  changed,
  now = () => new Date(),
}: {
  database: Database;
  /** Every file that belongs to the take of an entry, present or not. */
  takeFiles: (entryId: string) => string[];
  changed: () => void;
  now?: () => Date;
}): Entries {
  const joined = () =>
    database
      .selectFrom('history')
      .innerJoin('tracks', 'tracks.track_guid', 'history.track_guid')
      .where('taken_back_at', 'is', null)
      .selectAll('tracks')
      .selectAll('history');

  async function findRow(entryId: string): Promise<EntryRow | null> {
    return (await joined().where('entry_id', '=', storedId(entryId)).executeTakeFirst()) ?? null;
  }

  async function discardTake(entryId: string): Promise<void> {
    await Promise.all(takeFiles(entryId).map((path) => rm(path, { force: true })));
  }

  /** Gone for good, and not written again, whatever is told of them. */
  async function forget(entryIds: readonly string[]): Promise<void> {
    const ids = [...new Set(entryIds.map(storedId))];
    await database.transaction().execute(async (transaction) => {
      const removedAt = timeToStore(now().toISOString());
      await transaction.deleteFrom('history').where('entry_id', 'in', ids).execute();
      await transaction
        .insertInto('removed_entries')
        .values(ids.map((entry_id) => ({ entry_id, removed_at: removedAt })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
    changed();
    await Promise.all(ids.map(discardTake));
  }

  return {
    findRow,
    discardTake,

    async find(entryId) {
      const row = await findRow(entryId);
      return row && entryOf(row);
    },

    async list({ page, size }) {
      const { total } = await database
        .selectFrom('history')
        .innerJoin('tracks', 'tracks.track_guid', 'history.track_guid')
        .where('taken_back_at', 'is', null)
        .select((count) => count.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await joined()
        .orderBy('detected_at', 'desc')
        .orderBy('entry_id', 'desc')
        .limit(size)
        .offset((page - 1) * size)
        .execute();
      return { entries: rows.map(entryOf), total };
    },

    async patch(entryIds, patch) {
      const values = trackValues(patch);
      const tracks = await tracksOf(database, entryIds);
      if (Object.keys(values).length === 0) return;
      await database
        .updateTable('tracks')
        .set({ ...values, is_edited: flag(true) })
        .where('track_guid', 'in', tracks)
        .execute();
      changed();
    },

    async remove(entryIds) {
      await tracksOf(database, entryIds);
      await forget(entryIds);
    },

    withdraw: async (entryIds) => {
      if (entryIds.length > 0) await forget(entryIds);
    },

    async namesOf(entryId) {
      const row = await findRow(entryId);
      if (!row) return null;
      const names = await database
        .selectFrom('track_ids')
        .select('track_id')
        .where('track_guid', '=', row.track_guid)
        .execute();
      return {
        entry_id: apiId(row.entry_id),
        track_ids: names.map(({ track_id }) => track_id),
        started_at: apiTime(row.started_at),
        ended_at: apiTime(row.ended_at),
      };
    },

    async takeBack(entryId) {
      await database
        .updateTable('history')
        .set({ taken_back_at: timeToStore(now().toISOString()) })
        .where('entry_id', '=', storedId(entryId))
        .execute();
      changed();
    },

    async isTakenBack(entryId) {
      const row = await database
        .selectFrom('history')
        .select('entry_id')
        .where('entry_id', '=', storedId(entryId))
        .where('taken_back_at', 'is not', null)
        .executeTakeFirst();
      return row !== undefined;
    },

    async giveBack(entryId) {
      const { numUpdatedRows } = await database
        .updateTable('history')
        .set({ taken_back_at: null })
        .where('entry_id', '=', storedId(entryId))
        .where('taken_back_at', 'is not', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new PidentifyError('entry_not_found');
      changed();
    },

    async cutOut(entryId) {
      await database
        .updateTable('history')
        .set({ saved_temp_buffer: flag(true) })
        .where('entry_id', '=', storedId(entryId))
        .execute();
      changed();
    },

    async savedAs(entryId, path) {
      const entry_id = storedId(entryId);
      await database.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('history')
          .set({ saved_to_library: flag(true) })
          .where('entry_id', '=', entry_id)
          .execute();
        await transaction
          .updateTable('tracks')
          .set({ file_path: path })
          .where('track_guid', '=', (ofEntry) =>
            ofEntry.selectFrom('history').select('track_guid').where('entry_id', '=', entry_id),
          )
          .execute();
      });
      changed();
    },
  };
}

async function tracksOf(database: Database, entryIds: readonly string[]): Promise<StoredId[]> {
  const wanted = new Set(entryIds.map(storedId));
  const rows = await database
    .selectFrom('history')
    .select(['entry_id', 'track_guid'])
    .where('entry_id', 'in', [...wanted])
    .execute();
  if (rows.length < wanted.size) throw new PidentifyError('entry_not_found');
  return [...new Set(rows.map((row) => row.track_guid))];
}

type PatchableTrack = Partial<Pick<TracksTable, Extract<keyof TrackPatch, keyof TracksTable>>>;

/** Fields left out stay as they are; an empty text empties its field. */
function trackValues(patch: TrackPatch): PatchableTrack {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, value === '' ? null : value]));
}
