import { randomUUID } from 'node:crypto';
import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Transaction } from 'kysely';
import { apiId, flag, storedId } from '../database/encoding.ts';
import type { Database, StoredId, Tables, TracksTable } from '../database/tables.ts';
import type { KnownTrack } from '../live/status.ts';

/** A track by what its provider calls it, or null when it was never written. */
async function findTrack(
  database: Database,
  { source, track_id }: { source: string; track_id: string },
): Promise<TracksTable | null> {
  const row = await database
    .selectFrom('track_ids')
    .innerJoin('tracks', 'tracks.track_guid', 'track_ids.track_guid')
    .selectAll('tracks')
    .where('source', '=', source)
    .where('track_id', '=', track_id)
    .executeTakeFirst();
  return row ?? null;
}

/** What the display adds to a track that the recorder names. */
export async function knownTrack(database: Database, track: IdentifiedTrack): Promise<KnownTrack | null> {
  const row = await findTrack(database, track);
  if (!row) return null;
  const { track_name, artist_name, album_name, track_image, artist_image } = row;
  const corrected = row.is_edited ? { track_name, artist_name, album_name, track_image, artist_image } : null;
  return { track_guid: apiId(row.track_guid), corrected };
}

/** The guid of a track, written where it is new. Facts are refreshed until a person corrects them: from then on theirs count. */
export async function rememberTrack(
  transaction: Transaction<Tables>,
  track: IdentifiedTrack,
): Promise<StoredId> {
  const facts = factsOf(track);
  const known = await findTrack(transaction, track);
  if (known) {
    await transaction
      .updateTable('tracks')
      .set(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)))
      .where('track_guid', '=', known.track_guid)
      .where('is_edited', '=', flag(false))
      .execute();
    return known.track_guid;
  }
  const guid = storedId(randomUUID());
  await transaction
    .insertInto('tracks')
    .values({
      ...facts,
      track_guid: guid,
      last_fm: null,
      file_path: track.file_path ?? null,
      is_edited: flag(false),
    })
    .execute();
  await transaction
    .insertInto('track_ids')
    .values({ track_guid: guid, track_id: track.track_id, source: track.source })
    .execute();
  return guid;
}

function factsOf(track: IdentifiedTrack) {
  return {
    track_name: track.track_name,
    artist_name: track.artist_name ?? null,
    album_name: track.album_name ?? null,
    track_no: track.track_no ?? null,
    label: track.label ?? null,
    released: track.released ?? null,
    track_image: track.track_image ?? null,
    artist_image: track.artist_image ?? null,
    duration_seconds: track.duration_seconds ?? null,
  };
}
