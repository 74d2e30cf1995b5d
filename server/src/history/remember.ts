import type { Play } from '@pidentify/contracts';
import { flag, storedId, timeToStore } from '../database/encoding.ts';
import type { Database } from '../database/tables.ts';
import { rememberTrack } from './tracks.ts';

/**
 * Writes a play that the recorder tells, and returns once it is on the disk. Told again it changes
 * nothing; a higher revision replaces times and speed; one that a person removed stays away.
 */
export async function remember(database: Database, play: Play): Promise<'written' | 'known' | 'removed'> {
  const entryId = storedId(play.entry_id);
  return database.transaction().execute(async (transaction) => {
    const removed = await transaction
      .selectFrom('removed_entries')
      .select('entry_id')
      .where('entry_id', '=', entryId)
      .executeTakeFirst();
    if (removed) return 'removed';
    const known = await transaction
      .selectFrom('history')
      .select('revision')
      .where('entry_id', '=', entryId)
      .executeTakeFirst();
    if (known && known.revision >= play.revision) return 'known';
    const trackGuid = await rememberTrack(transaction, play.track);
    const values = {
      track_guid: trackGuid,
      detected_at: timeToStore(play.detected_at),
      started_at: timeToStore(play.started_at),
      ended_at: play.ended_at === null ? null : timeToStore(play.ended_at),
      revision: play.revision,
      speed: play.speed,
      inferred: flag(play.inferred ?? false),
    };
    await transaction
      .insertInto('history')
      .values({
        ...values,
        entry_id: entryId,
        is_manual: flag(false),
        saved_temp_buffer: flag(false),
        saved_to_library: flag(false),
      })
      .onConflict((conflict) => conflict.column('entry_id').doUpdateSet(values))
      .execute();
    return 'written';
  });
}
