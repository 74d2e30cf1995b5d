import { cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../program.ts';
import { root } from './desktop.ts';

/**
 * A copy of this clone whose sources may be changed; what was built comes along, the window does not. Inside the
 * clone's own tools, because its libraries are links to the same files.
 */
export function copyOfClone(): string {
  mkdirSync(join(root, '.tools'), { recursive: true });
  const copy = mkdtempSync(join(root, '.tools/copy-'));
  const files = 'git ls-files -z --cached --others --exclude-standard';
  run('sh', [
    '-c',
    `cd '${root}' && ${files} | tar --null -T - --ignore-failed-read -c | tar -x -C '${copy}'`,
  ]);
  run('cp', ['-al', join(root, 'node_modules'), join(copy, 'node_modules')]);
  for (const built of ['dist', 'web/dist'])
    if (existsSync(join(root, built))) cpSync(join(root, built), join(copy, built), { recursive: true });
  return copy;
}

/** Gives the copy the window that was built here. */
export function addWindow(copy: string): void {
  cpSync(join(root, '.tools/native/window'), join(copy, '.tools/native/window'), { recursive: true });
}
