import { posix } from 'node:path';
import type { FolderQuestion, SystemFolders } from './folders.ts';

export function macosFolders({ home }: FolderQuestion): SystemFolders {
  return {
    data: posix.join(home, 'Library/Application Support/com.pidentify.app/config'),
    music: posix.join(home, 'Music/Pidentify'),
    cache: posix.join(home, 'Library/Caches/com.pidentify.app'),
  };
}
