/** Where the parts of the native app are put together; `src-tauri/tauri.payload.conf.json` packs these. */
import { join } from 'node:path';
import type { Target } from './target.ts';

export type Layout = {
  root: string;
  target: Target;
  /** The project's cache folder, outside the clone. */
  cache: string;
  /** Programs that are installed beside the window's. */
  binaries: string;
  /** Path of such a program, with the name Tauri looks for. */
  program: (name: string) => string;
  /** Everything else. */
  services: string;
};

export function layoutOf(root: string, target: Target, cache: string): Layout {
  const binaries = join(root, 'src-tauri', 'binaries');
  return {
    root,
    target,
    cache,
    binaries,
    program: (name) => join(binaries, `${name}-${target.triple}${target.suffix}`),
    services: join(root, 'src-tauri', 'resources', 'services'),
  };
}
