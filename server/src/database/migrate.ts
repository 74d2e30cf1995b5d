import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PidentifyError } from '@pidentify/contracts';
import { copyDatabase } from '@pidentify/platform/copy-database';
import { databaseFileError } from './errors.ts';
import { originOf } from './known.ts';
import { applyMigrations, pendingMigrations, readMigrations, versionOf } from './migrations.ts';
import { openSqlite } from './open.ts';

/** What a migration did: versions before and after, and where the copy from before lies. */
export type MigrationReport = { from: number | 'old'; to: number; backup: string | null };

/**
 * Brings a database up to date, and takes over one of the old program. An existing one is copied
 * beside itself before anything is changed in it; one that is refused stays as it is, byte for byte.
 * @throws PidentifyError database_newer, database_not_known, database_damaged, disk_full, data_folder_unwritable
 */
export function migrateDatabase({
  path,
  folder,
  now = () => new Date(),
}: {
  path: string;
  folder: string;
  now?: () => Date;
}): MigrationReport {
  try {
    return migrate({ path, folder, now });
  } catch (error) {
    throw databaseFileError(error);
  }
}

function migrate({ path, folder, now }: { path: string; folder: string; now: () => Date }): MigrationReport {
  mkdirSync(dirname(path), { recursive: true });
  const known = readMigrations(folder);
  const before = inspect({ path, known });
  const to = known.at(-1)?.version ?? 0;
  if (before.pending.length === 0) return { from: before.version, to, backup: null };
  const backup =
    before.version === 0
      ? null
      : copyOf({ path, label: `${before.version}-${now().toISOString().replace(/[:.]/g, '')}` });
  const sqlite = openSqlite(path);
  try {
    applyMigrations(sqlite, { migrations: before.pending, now });
  } finally {
    sqlite.close();
  }
  return { from: before.version, to, backup };
}

function inspect({ path, known }: { path: string; known: ReturnType<typeof readMigrations> }) {
  if (!existsSync(path)) return { version: 0, pending: known };
  const sqlite = new DatabaseSync(path, { timeout: 5000 });
  try {
    const origin = originOf(sqlite);
    if (origin === 'empty') return { version: 0, pending: known };
    const pending = origin === 'old' ? known : pendingMigrations(sqlite, known);
    if (pending.length > 0) refuseDamage(sqlite);
    return { version: origin === 'old' ? ('old' as const) : versionOf(sqlite), pending };
  } finally {
    sqlite.close();
  }
}

function refuseDamage(sqlite: DatabaseSync): void {
  const verdict = sqlite.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw new PidentifyError('database_damaged', String(verdict));
}

function copyOf({ path, label }: { path: string; label: string }): string {
  const backup = `${path}.backup-${label}`;
  const sqlite = new DatabaseSync(path, { timeout: 5000 });
  try {
    copyDatabase(sqlite, backup);
  } finally {
    sqlite.close();
  }
  return backup;
}
