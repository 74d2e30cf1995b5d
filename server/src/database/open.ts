import { isAbsolute, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database, Tables } from './tables.ts';

/**
 * Opens a SQLite file with what every process of ours relies on. FULL, not NORMAL: a play is written a
 * few times an hour, and the recorder forgets it once we say that it is kept, so it must outlive a power cut.
 * @throws the error of SQLite when the file cannot be opened
 */
export function openSqlite(path: string): DatabaseSync {
  const sqlite = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  try {
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4000');
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return sqlite;
}

/** Typed queries on a file that `migrate` has brought up to date. */
export function openDatabase(path: string): Database {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: () => adapt(openSqlite(path)) }) });
}

async function adapt(sqlite: DatabaseSync) {
  return {
    close: () => sqlite.close(),
    prepare(sql: string) {
      const statement = sqlite.prepare(sql);
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
      };
    },
  };
}

const scheme = 'sqlite:///';

/** The absolute path in a `DB_URL` of the form `sqlite:///PATH`. */
export function sqlitePath(url: string): string {
  const path = url.slice(scheme.length);
  return isAbsolute(path) ? path : resolve('/', path);
}
