import type { DatabaseSync } from 'node:sqlite';
import { PidentifyError } from '@pidentify/contracts';

/** The newest revision of the old program's database, and the only one that is taken over. */
const adoptable = 'ea656ca2045b';

const columnsOfOldProgram = {
  tracks: [
    'track_guid',
    'track_name',
    'artist_name',
    'album_name',
    'track_no',
    'label',
    'released',
    'track_image',
    'artist_image',
    'duration_seconds',
    'last_fm',
    'file_path',
  ],
  track_ids: ['track_guid', 'track_id', 'source'],
  history: [
    'entry_id',
    'track_guid',
    'detected_at',
    'started_at',
    'is_manual',
    'saved_temp_buffer',
    'saved_to_library',
  ],
} as const;

/** `empty`: nothing in it; `ours`: we have migrated it before; `old`: the old program's, to be adopted. */
export type DatabaseOrigin = 'empty' | 'ours' | 'old';

/**
 * Tells whose database this is; only reads.
 * @throws PidentifyError database_not_known when it is a stranger's, or the old program's at an older revision
 */
export function originOf(sqlite: DatabaseSync): DatabaseOrigin {
  const tables = namesOfTables(sqlite);
  if (tables.size === 0) return 'empty';
  if (tables.has('schema_migrations')) return 'ours';
  if (!tables.has('alembic_version')) {
    throw new PidentifyError('database_not_known', 'It holds tables of another program.');
  }
  refuseOlderRevision(sqlite);
  for (const [table, columns] of Object.entries(columnsOfOldProgram)) {
    const present = new Set(
      sqlite
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map((row) => row.name),
    );
    const missing = columns.filter((column) => !present.has(column));
    if (missing.length > 0) {
      throw new PidentifyError('database_not_known', `Its table ${table} lacks ${missing.join(', ')}.`);
    }
  }
  return 'old';
}

function refuseOlderRevision(sqlite: DatabaseSync): void {
  const revision = sqlite.prepare('SELECT version_num FROM alembic_version').get()?.version_num;
  if (revision === adoptable) return;
  throw new PidentifyError(
    'database_not_known',
    `It is at revision ${revision ?? 'unknown'} of the old program; start the newest old program (${adoptable}) once, then try again.`,
  );
}

function namesOfTables(sqlite: DatabaseSync): Set<unknown> {
  const rows = sqlite
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return new Set(rows.map((row) => row.name));
}
