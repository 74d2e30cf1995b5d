import { win32 } from 'node:path';
import type { FolderQuestion, SystemFolders } from './folders.ts';

export function windowsFolders({ env, home }: FolderQuestion): SystemFolders {
  const profile = env.USERPROFILE || home;
  const roaming = env.APPDATA || win32.join(profile, 'AppData\\Roaming');
  const local = env.LOCALAPPDATA || win32.join(profile, 'AppData\\Local');
  return {
    data: win32.join(roaming, 'Pidentify\\config'),
    music: win32.join(profile, 'Music\\Pidentify'),
    cache: win32.join(local, 'Pidentify\\cache'),
  };
}
