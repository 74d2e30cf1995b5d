import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const etc = '/etc/apt';

/**
 * Downloads a Debian package into `folder`. Some music is in the non-free component, which few machines have switched on:
 * for that apt gets lists of its own below `cache`, of the machine's own sources with that component, and the
 * machine's settings stay as they are.
 */
export async function download(name: string, { folder, cache }: { folder: string; cache: string }) {
  const isKnown = await run('apt-cache', ['show', '--no-all-versions', name]).then(
    () => true,
    () => false,
  );
  const options = isKnown ? [] : await withNonFree(join(cache, 'apt'));
  await run('apt-get', [...options, 'download', '-q', name], { cwd: folder });
}

async function withNonFree(home: string): Promise<string[]> {
  const options = [
    ...['-o', `Dir::Etc::sourcelist=${join(home, 'sources.list')}`],
    ...['-o', `Dir::Etc::sourceparts=${join(home, 'sources.list.d')}`],
    ...['-o', `Dir::State::lists=${join(home, 'lists')}`],
    ...['-o', `Dir::Cache=${join(home, 'cache')}`],
  ];
  const done = join(home, 'updated');
  if (existsSync(done)) return options;
  for (const folder of ['sources.list.d', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(home, folder), { recursive: true });
  }
  const parts = await readdir(join(etc, 'sources.list.d')).catch(() => []);
  for (const file of ['sources.list', ...parts.map((part) => join('sources.list.d', part))]) {
    if (!existsSync(join(etc, file))) continue;
    const text = await readFile(join(etc, file), 'utf8');
    await writeFile(join(home, file), text.replace(/^(Components:|deb\s).*\bmain\b.*$/gm, '$& non-free'));
  }
  await run('apt-get', [...options, 'update']);
  await writeFile(done, '');
  return options;
}
