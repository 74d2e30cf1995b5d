import { posix, win32 } from 'node:path';
import { linuxFolders } from './folders.linux.ts';
import { macosFolders } from './folders.macos.ts';
import { windowsFolders } from './folders.windows.ts';
import type { Environment, Platform } from './host.ts';

/** Absolute paths; none of them is created here. */
export type Folders = {
  /** APPDATA_DIR: config.yaml, database.db, buffer/, index/, temp/. */
  data: string;
  /** MUSIC_LIBRARY_DIR: where rips are saved. */
  music: string;
  /** What can be made anew at any time. */
  cache: string;
  logs: string;
  /** The instance lock and what else lives only while the program runs. */
  run: string;
};

export type FolderQuestion = {
  platform: Platform;
  env: Environment;
  /** The user's home folder. */
  home: string;
  /** Relative paths in options and environment are taken from here. */
  cwd: string;
  options?: { data?: string; music?: string };
  /** Text of a file, or null when it cannot be read; only Linux asks (user-dirs.dirs). */
  readText?: (path: string) => string | null;
};

/** What a system's own rules say, before environment and options. */
export type SystemFolders = Pick<Folders, 'data' | 'music' | 'cache'>;

/** Where everything is kept: options win over the environment, which wins over the system's rules. */
export function resolveFolders(question: FolderQuestion): Folders {
  const { platform, env, cwd, options = {} } = question;
  const path = platform === 'windows' ? win32 : posix;
  const system = systemFolders(question);
  const data = path.resolve(cwd, options.data || env.APPDATA_DIR || system.data);
  const music = path.resolve(cwd, options.music || env.MUSIC_LIBRARY_DIR || system.music);
  const cache = path.resolve(cwd, env.PIDENTIFY_CACHE_DIR || system.cache);
  return { data, music, cache, logs: path.join(data, 'logs'), run: path.join(data, 'run') };
}

function systemFolders(question: FolderQuestion): SystemFolders {
  if (question.platform === 'macos') return macosFolders(question);
  return question.platform === 'windows' ? windowsFolders(question) : linuxFolders(question);
}
