import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A Valkey server on disk, and the folder its libraries are in where it does not find them itself. */
export type ValkeyBinary = { path: string; libraryPath?: string };

/**
 * The Valkey to use: the one a person names, the one that came with the app, the one the bootstrap
 * fetched, one on the PATH; null: none, use the built-in server.
 */
export function findValkey(places: {
  /** Environment variable PIDENTIFY_VALKEY. */
  named?: string;
  bundledPath?: string;
  fetchedPath?: string | null;
  /** Environment variable PATH. */
  searchPath?: string;
}): ValkeyBinary | null {
  const onPath = (places.searchPath ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => [join(folder, 'valkey-server'), join(folder, 'valkey-server.exe')]);
  for (const path of [places.named, places.bundledPath, places.fetchedPath, ...onPath]) {
    if (path && isExecutable(path)) return withLibraries(path);
  }
  return null;
}

/** What scripts/provide-valkey.mjs put into the cache folder, the newest version; null: nothing. */
export function fetchedValkey(cacheDir: string): string | null {
  const tools = join(cacheDir, 'tools');
  if (!existsSync(tools)) return null;
  const newest = readdirSync(tools)
    .filter((name) => name.startsWith('valkey-'))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
  return newest ? join(tools, newest, 'bin', 'valkey-server') : null;
}

function withLibraries(path: string): ValkeyBinary {
  const libraries = join(dirname(path), '..', 'lib');
  return existsSync(join(libraries, 'libjemalloc.so.2')) ? { path, libraryPath: libraries } : { path };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // whatever the reason, it cannot be started; the next place is asked
  }
}

/** The only commands the bus uses; Valkey, Garnet and the built-in server all have them. */
export const busCommands: readonly string[] = [
  'ping',
  'info',
  'quit',
  'client|setname',
  'client|setinfo',
  'client|id',
  'publish',
  'subscribe',
  'unsubscribe',
  'get',
  'set',
];

/** Arguments that make Valkey read its configuration from standard input, where `ps` cannot see it. */
export const valkeyArguments: readonly string[] = ['-'];

/**
 * Configuration of a Valkey that only this program can use, and only for its bus: loopback, nothing on
 * disk, one user with a password and the least rights.
 */
export function valkeyConfig({ port, username, password }: ValkeyAccess): string {
  const rights = ['~pid:*', '&pid:*', '-@all', ...busCommands.map((command) => `+${command}`)].join(' ');
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    'daemonize no',
    'save ""',
    'appendonly no',
    'databases 1',
    'maxmemory 64mb',
    'maxmemory-policy noeviction',
    'client-output-buffer-limit pubsub 4mb 1mb 10',
    'user default off',
    `user ${username} on >${password} ${rights}`,
    '',
  ].join('\n');
}

export type ValkeyAccess = { port: number; username: string; password: string };
