// Compiles the capture helper into the cache folder, where packages/platform looks for it.
// Plain JavaScript on node: built-ins only, because it runs on Node 20, before the dependencies exist.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'capture-helper');

/**
 * Path of the helper under `cacheDir` (`tools/capture/pidentify-capture`), compiled when its sources have changed.
 * Throws when it does not compile. `run` runs a program to its end.
 */
export function provideCapture({ cacheDir, run, say, env = process.env }) {
  const program = process.platform === 'win32' ? 'pidentify-capture.exe' : 'pidentify-capture';
  const path = join(cacheDir, 'tools', 'capture', program);
  const stamp = `${path}.stamp`;
  const wanted = hashOfSources();
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return path;
  say('compiling the capture helper ...');
  const target = env.CARGO_TARGET_DIR ?? join(cacheDir, 'cargo-target');
  const manifest = join(sources, 'Cargo.toml');
  run('cargo', ['build', '--release', '--locked', '--quiet', '--manifest-path', manifest], {
    env: { ...env, CARGO_TARGET_DIR: target },
  });
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(join(target, 'release', program), `${path}.new`);
  renameSync(`${path}.new`, path);
  writeFileSync(stamp, wanted);
  return path;
}

function hashOfSources() {
  const hash = createHash('sha256');
  const files = [
    'Cargo.toml',
    'Cargo.lock',
    ...readdirSync(join(sources, 'src')).map((name) => `src/${name}`),
  ];
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}
