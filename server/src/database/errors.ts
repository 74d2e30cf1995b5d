import { PidentifyError } from '@pidentify/contracts';

/** Result codes of SQLite, the primary ones; source: sqlite.org/rescode.html. */
const sqliteCodes = new Map([
  [8, 'data_folder_unwritable'],
  [11, 'database_damaged'],
  [13, 'disk_full'],
  [14, 'data_folder_unwritable'],
  [26, 'database_damaged'],
] as const);

const systemCodes = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'data_folder_unwritable'],
  ['EPERM', 'data_folder_unwritable'],
  ['EROFS', 'data_folder_unwritable'],
  ['ENOTDIR', 'data_folder_unwritable'],
  ['EEXIST', 'data_folder_unwritable'],
] as const);

type SqliteCode = Parameters<typeof sqliteCodes.get>[0];
type SystemCode = Parameters<typeof systemCodes.get>[0];

/** An error of SQLite as one of ours, or null where it is a mistake of ours or none of SQLite's. */
export function sqliteError(error: unknown): PidentifyError | null {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  if (typeof errcode !== 'number') return null;
  // The higher bits tell details of the primary code.
  const code = sqliteCodes.get((errcode & 0xff) as SqliteCode);
  return code ? new PidentifyError(code, (error as Error).message, { cause: error }) : null;
}

/** What went wrong with a database file, with a code where there is one. */
export function databaseFileError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PidentifyError) return error;
  const code = systemCodes.get((error as NodeJS.ErrnoException).code as SystemCode);
  return sqliteError(error) ?? (code ? new PidentifyError(code, error.message, { cause: error }) : error);
}
