import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/**
 * Copies a database of `version`, as it is, to `{path}.backup-{version}-{time}`: what a migration makes of it, the program of
 * before cannot read. Throws what the disk says; then there is no copy, not half a one.
 */
export function backUp(
  store: DatabaseSync,
  { path, version, at }: { path: string; version: number; at: Date },
): void {
  const backup = `${path}.backup-${version}-${at.toISOString().replace(/[:.]/g, '')}`;
  const unfinished = `${backup}.unfinished`;
  rmSync(unfinished, { force: true });
  try {
    store.prepare('VACUUM INTO ?').run(unfinished);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  const file = openSync(unfinished, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, backup);
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
