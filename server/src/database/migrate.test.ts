import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PidentifyError } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oldEntry, oldTrack, writeOldDatabase } from '../testing/old-database.ts';
import { migrateDatabase } from './migrate.ts';

const folder = new URL('../../migrations/sqlite/', import.meta.url).pathname;
const newest = readdirSync(folder).length;

describe('migrateDatabase', () => {
  let data: string;
  let path: string;

  const read = (sql: string, file = path) => {
    const sqlite = new DatabaseSync(file, { readOnly: true });
    try {
      return sqlite.prepare(sql).all();
    } finally {
      sqlite.close();
    }
  };
  const backups = () => readdirSync(data).filter((name) => name.includes('.backup-'));
  const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex');
  const codeOf = (act: () => unknown) => {
    try {
      act();
      return 'none';
    } catch (error) {
      return error instanceof PidentifyError ? error.code : String(error);
    }
  };

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'pidentify-migrate-'));
    path = join(data, 'database.db');
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  it('makes a new database that the old program could open, with no backup of nothing', () => {
    expect(migrateDatabase({ path, folder })).toEqual({ from: 0, to: newest, backup: null });
    expect(read('SELECT version_num FROM alembic_version')).toEqual([{ version_num: 'ea656ca2045b' }]);
    expect(read('SELECT count(*) AS plays FROM history')).toEqual([{ plays: 0 }]);
    expect(backups()).toEqual([]);
  });

  it('makes the folder of the database where it is missing', () => {
    path = join(data, 'deep', 'er', 'database.db');
    expect(migrateDatabase({ path, folder }).to).toBe(newest);
  });

  it('does nothing the second time', () => {
    migrateDatabase({ path, folder });
    const before = hash();
    expect(migrateDatabase({ path, folder })).toEqual({ from: newest, to: newest, backup: null });
    expect(hash()).toBe(before);
  });

  it('takes over a database of the old program with nothing lost, and keeps a copy from before', () => {
    writeOldDatabase(path);
    const tables = ['tracks', 'track_ids', 'history', 'alembic_version'];
    const before = tables.map((table) => read(`SELECT * FROM ${table}`));
    const { from, backup } = migrateDatabase({ path, folder });
    expect(from).toBe('old');
    const after = tables.map((table) => read(`SELECT * FROM ${table}`));
    for (const [index, rows] of before.entries()) expect(after[index]).toMatchObject(rows);
    expect(tables.map((table) => read(`SELECT * FROM ${table}`, backup ?? ''))).toEqual(before);
  });

  it('counts what an old database holds as corrected by a person', () => {
    writeOldDatabase(path);
    migrateDatabase({ path, folder });
    expect(read('SELECT track_guid, is_edited FROM tracks')).toEqual([
      { track_guid: oldTrack, is_edited: 1 },
    ]);
    expect(read('SELECT entry_id, revision, ended_at FROM history')).toEqual([
      { entry_id: oldEntry, revision: 0, ended_at: null },
    ]);
  });

  it('adds the answers of LRCLIB to a database from before them, which keeps its plays and a copy', () => {
    const before = join(data, 'before');
    mkdirSync(before);
    for (const name of readdirSync(folder).filter((file) => file < '0005'))
      cpSync(join(folder, name), join(before, name));
    writeOldDatabase(path);
    migrateDatabase({ path, folder: before });
    const { from, backup } = migrateDatabase({ path, folder });
    expect(from).toBe(4);
    expect(read('SELECT count(*) AS answers FROM lyrics_answers')).toEqual([{ answers: 0 }]);
    for (const file of [path, backup ?? ''])
      expect(read('SELECT entry_id FROM history', file)).toEqual([{ entry_id: oldEntry }]);
  });

  it('refuses an older revision of the old program and leaves it byte for byte', () => {
    writeOldDatabase(path, { revision: '1234567890ab' });
    const before = hash();
    expect(() => migrateDatabase({ path, folder })).toThrow(/1234567890ab/);
    expect(hash()).toBe(before);
    expect(readdirSync(data)).toEqual(['database.db']);
  });

  it('refuses an old database that lacks a column, and a stranger’s', () => {
    writeOldDatabase(path);
    const sqlite = new DatabaseSync(path);
    sqlite.exec('ALTER TABLE tracks DROP COLUMN last_fm');
    sqlite.close();
    expect(() => migrateDatabase({ path, folder })).toThrow(/tracks lacks last_fm/);
    const other = join(data, 'other.db');
    const stranger = new DatabaseSync(other);
    stranger.exec('CREATE TABLE songs (name TEXT)');
    stranger.close();
    expect(codeOf(() => migrateDatabase({ path: other, folder }))).toBe('database_not_known');
  });

  it('refuses a database of a newer Pidentify and leaves it byte for byte', () => {
    migrateDatabase({ path, folder });
    const sqlite = new DatabaseSync(path);
    sqlite.exec("INSERT INTO schema_migrations VALUES (99, 'later', 'x', '2030-01-01')");
    sqlite.close();
    const before = hash();
    expect(codeOf(() => migrateDatabase({ path, folder }))).toBe('database_newer');
    expect(hash()).toBe(before);
  });

  it('refuses a database whose migration was another one', () => {
    const changed = join(data, 'migrations');
    cpSync(folder, changed, { recursive: true });
    migrateDatabase({ path, folder: changed });
    const name = readdirSync(changed).sort()[1];
    writeFileSync(join(changed, name), '-- another\n');
    expect(codeOf(() => migrateDatabase({ path, folder: changed }))).toBe('database_not_known');
  });

  it('a migration that fails leaves the version before all of them, and a copy', () => {
    migrateDatabase({ path, folder });
    const more = join(data, 'migrations');
    cpSync(folder, more, { recursive: true });
    writeFileSync(join(more, '8000_whole.sql'), 'CREATE TABLE whole (id INTEGER);');
    writeFileSync(
      join(more, '9000_broken.sql'),
      'CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);',
    );
    expect(() => migrateDatabase({ path, folder: more })).toThrow(/nowhere/);
    expect(read('SELECT max(version) AS version FROM schema_migrations')).toEqual([{ version: newest }]);
    expect(read("SELECT name FROM sqlite_master WHERE name IN ('half', 'whole')")).toEqual([]);
    expect(backups()).toHaveLength(1);
  });

  it('names a damaged file and a folder that cannot be made', () => {
    writeFileSync(path, 'this is not a database, but it is long enough to look at'.repeat(100));
    expect(codeOf(() => migrateDatabase({ path, folder }))).toBe('database_damaged');
    expect(codeOf(() => migrateDatabase({ path: join(path, 'database.db'), folder }))).toBe(
      'data_folder_unwritable',
    );
  });
});
