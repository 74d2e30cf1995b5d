import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { PidentifyError } from '@pidentify/contracts';

export type Migration = { version: number; name: string; sql: string; checksum: string };

const fileName = /^(\d{4})_(\w+)\.sql$/;

/** The migrations of a folder (`0001_what_it_does.sql`, …), the oldest first. */
export function readMigrations(folder: string): Migration[] {
  const migrations: Migration[] = [];
  for (const file of readdirSync(folder).sort()) {
    const parts = fileName.exec(file);
    if (!parts) continue;
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
    const checksum = createHash('sha256').update(sql).digest('hex');
    migrations.push({ version: Number(parts[1]), name: parts[2], sql, checksum });
  }
  return migrations;
}

/** Highest version that has been applied; 0: none. Only reads. */
export function versionOf(sqlite: DatabaseSync): number {
  const version = sqlite.prepare('SELECT max(version) AS version FROM schema_migrations').get()?.version;
  return Number(version ?? 0);
}

/**
 * The migrations that are still to be applied to a database of ours.
 * @throws PidentifyError database_newer, or database_not_known when an applied one was another text then
 */
export function pendingMigrations(sqlite: DatabaseSync, known: readonly Migration[]): Migration[] {
  const applied = new Map(
    sqlite
      .prepare('SELECT version, checksum FROM schema_migrations')
      .all()
      .map((row) => [Number(row.version), row.checksum]),
  );
  const newest = known.at(-1)?.version ?? 0;
  if (versionOf(sqlite) > newest) {
    throw new PidentifyError('database_newer', `It is at version ${versionOf(sqlite)}, known is ${newest}.`);
  }
  for (const migration of known) {
    const checksum = applied.get(migration.version);
    if (checksum !== undefined && checksum !== migration.checksum) {
      throw new PidentifyError('database_not_known', `Its migration ${migration.version} was another one.`);
    }
  }
  return known.filter((migration) => !applied.has(migration.version));
}

/**
 * Applies migrations in order, all of them or none: a disk that is slow to put things away is waited for once, not once a
 * migration.
 */
export function applyMigrations(
  sqlite: DatabaseSync,
  { migrations, now }: { migrations: readonly Migration[]; now: () => Date },
): void {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    sqlite.exec(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)`,
    );
    const record = sqlite.prepare('INSERT INTO schema_migrations VALUES (?, ?, ?, ?)');
    for (const { version, name, sql, checksum } of migrations) {
      sqlite.exec(sql);
      record.run(version, name, checksum, now().toISOString());
    }
    sqlite.exec('COMMIT');
  } catch (error) {
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}
