import { posix } from 'node:path';
import type { FolderQuestion, SystemFolders } from './folders.ts';

/** XDG base directories, and the user's own music folder where user-dirs.dirs names one. */
export function linuxFolders({ env, home, readText = () => null }: FolderQuestion): SystemFolders {
  // The specification tells to ignore values that are not absolute.
  const xdg = (name: string, fallback: string) =>
    env[name]?.startsWith('/') ? env[name] : posix.join(home, fallback);
  const userDirs = readText(posix.join(xdg('XDG_CONFIG_HOME', '.config'), 'user-dirs.dirs'));
  const named = env.XDG_MUSIC_DIR || /^\s*XDG_MUSIC_DIR="(.*)"\s*$/m.exec(userDirs ?? '')?.[1] || '';
  const music = named.replace(/^\$HOME(?=\/|$)/, home);
  // user-dirs.dirs says "no such folder" by naming the home folder itself.
  const usable = music.startsWith('/') && posix.resolve(music) !== posix.resolve(home);
  return {
    data: posix.join(xdg('XDG_DATA_HOME', '.local/share'), 'pidentify'),
    music: posix.join(usable ? music : posix.join(home, 'Music'), 'Pidentify'),
    cache: posix.join(xdg('XDG_CACHE_HOME', '.cache'), 'pidentify'),
  };
}
