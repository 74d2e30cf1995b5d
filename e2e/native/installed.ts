import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../program.ts';

const root = join(import.meta.dirname, '../..');
const bundle = join(
  process.env.CARGO_TARGET_DIR ?? join(process.env.HOME ?? '', '.cache/pidentify/cargo-target'),
  'release/bundle/deb',
);

/** The .deb of this version; the run begins by building it (build-native.ts). */
export function debPath(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const architecture = run('dpkg', ['--print-architecture']).trim();
  return join(bundle, `Pidentify_${version}_${architecture}.deb`);
}

/** Path of the window's program as the .deb installs it, unpacked into a folder of this clone. */
export function installedProgram(): string {
  const deb = debPath();
  const folder = join(root, '.tools/native/installed');
  const mark = join(folder, 'unpacked');
  const wanted = `${deb} ${statSync(deb).mtimeMs}`;
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    rmSync(folder, { recursive: true, force: true });
    const fresh = `${folder}.new`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true });
    run('dpkg-deb', ['--extract', deb, fresh]);
    writeFileSync(join(fresh, 'unpacked'), wanted);
    renameSync(fresh, folder);
  }
  return join(folder, 'usr/bin/pidentify');
}
