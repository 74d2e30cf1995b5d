import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { copyDatabase } from '@pidentify/platform/copy-database';

/**
 * Copies a database of `version`, as it is, to `{path}.backup-{version}-{time}`: what a migration makes of it, the program of
 * before cannot read. Throws what the disk says; then there is no copy, not half a one.
 */
export function backUp(
  store: DatabaseSync,
  { path, version, at }: { path: string; version: number; at: Date },
): void {
  copyDatabase(store, `${path}.backup-${version}-${at.toISOString().replace(/[:.]/g, '')}`);
}

/** The newest copy that was made of a database at `newest` or a version before; null when there is none. */
export function backupFor(path: string, newest: number): string | null {
  const copies = readdirSync(dirname(path)).flatMap((name) => {
    if (!name.startsWith(`${basename(path)}.backup-`)) return [];
    const [, version, time] = /\.backup-(\d+)-([\dTZ-]+)$/.exec(name) ?? [];
    return version && Number(version) <= newest ? [{ name, version: Number(version), time }] : [];
  });
  const [last] = copies.sort((a, b) => b.version - a.version || (a.time < b.time ? 1 : -1));
  return last ? join(dirname(path), last.name) : null;
}
