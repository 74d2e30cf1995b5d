import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { appImageTools } from '../release/appimage-tools.ts';
import type { Layout } from './layout.ts';
import { must } from './parts.ts';
import type { Step } from './steps.ts';

/** Most an installer and an installed Pidentify may weigh, in bytes. */
const limits = { installer: 50e6, installed: 150e6 };

/** Cargo's own folder: outside the clone, so that a fresh one builds quickly. */
const cargoTarget = (layout: Layout) => process.env.CARGO_TARGET_DIR ?? join(layout.cache, 'cargo-target');

const bundleFolder = (layout: Layout) => join(cargoTarget(layout), 'release', 'bundle');

/** Kinds of packages that can be made here; null: all that the system's configuration names. */
function kindsHere(say: (line: string) => void): string[] | null {
  if (process.platform !== 'linux') return null;
  const tools = join(homedir(), '.cache', 'tauri');
  const here = existsSync(tools) ? readdirSync(tools) : [];
  const missing = Object.keys(appImageTools(process.arch)).filter((name) => !here.includes(name));
  if (missing.length === 0) return ['deb', 'rpm', 'appimage'];
  say(
    `package: no AppImage, because ${missing.join(', ')} are not in ${tools} (scripts/release.ts appimage-tools)`,
  );
  return ['deb', 'rpm'];
}

type WindowOfClone = {
  windowProgram: (root: string) => string;
  keepWindow: (options: { root: string; program: string }) => void;
};
// Plain JavaScript without types: the bootstrap runs it, too.
const { windowProgram, keepWindow } = (await import(
  new URL('../window-of-clone.mjs', import.meta.url).href
)) as WindowOfClone;

/** The window's program and the packages, by Tauri. A second configuration may come by PIDENTIFY_TAURI_CONFIG. */
export function packageStep(layout: Layout, say: (line: string) => void): Step {
  const { root } = layout;
  const extra = process.env.PIDENTIFY_TAURI_CONFIG;
  const bundle = bundleFolder(layout);
  return {
    name: 'package',
    makes: 'compiling the window and making the packages',
    inputs: [
      'src-tauri',
      'src-tauri/resources/**',
      'splash',
      'package.json',
      'LICENSE',
      'deploy/pidentify.service',
      ...(extra ? [extra] : []),
    ],
    facts: [kindsHere(() => undefined)?.join() ?? 'all', cargoTarget(layout)],
    outputs: [
      windowProgram(root),
      ...(process.platform === 'linux' ? [join(bundle, 'deb'), join(bundle, 'rpm')] : [bundle]),
    ],
    run: () => {
      // Packages of an earlier version would lie beside the new ones.
      rmSync(bundle, { recursive: true, force: true });
      mkdirSync(bundle, { recursive: true });
      const kinds = kindsHere(say);
      const args = [
        'build',
        '--config',
        'src-tauri/tauri.payload.conf.json',
        ...(extra ? ['--config', extra] : []),
      ];
      if (process.platform === 'darwin')
        args.push('--config', JSON.stringify({ bundle: { externalBin: macosPrograms } }));
      if (kinds) args.push('--bundles', kinds.join());
      const env = { ...process.env, CARGO_TARGET_DIR: cargoTarget(layout) };
      const tauri = join(root, 'node_modules/@tauri-apps/cli/tauri.js');
      const { status } = spawnSync(process.execPath, [tauri, ...args], { cwd: root, env, stdio: 'inherit' });
      if (status !== 0) throw new Error('tauri build failed.');
      keepWindow({ root, program: join(bundle, '..', `pidentify${layout.target.suffix}`) });
      if (process.platform === 'linux') for (const deb of packagesIn(join(bundle, 'deb'))) compressWell(deb);
      return undefined;
    },
  };
}

/** Packs a .deb again with xz: Tauri knows gzip alone, with which it would be half as large again. */
function compressWell(deb: string): void {
  const work = mkdtempSync(join(tmpdir(), 'pidentify-deb-'));
  try {
    must('dpkg-deb', ['--raw-extract', deb, join(work, 'root')]);
    must('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', join(work, 'root'), join(work, 'packed.deb')]);
    // Beside its place first: the cache folder may be another disk.
    copyFileSync(join(work, 'packed.deb'), `${deb}.new`);
    renameSync(`${deb}.new`, deb);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Paths of all packages at or below a folder. */
function packagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(deb|rpm|AppImage|dmg|msi|exe)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Tauri signs programs beside its own, not resources: Valkey has to be one of them there. */
const macosPrograms = ['pidentify-node', 'pidentify-capture', 'pidentify-valkey'].map(
  (name) => `binaries/${name}`,
);

/** A file or folder inside a package, with its size in bytes. */
export type Part = { path: string; bytes: number };

/** What takes the room below a folder: each part with at least a hundredth of the whole, the largest first. */
export function largestParts(parts: readonly Part[]): Part[] {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return parts.filter(({ bytes }) => bytes >= total / 100).sort((a, b) => b.bytes - a.bytes);
}

/** Files of a .deb: `dpkg-deb --contents` prints mode, owner, size, date, time, path. */
export function partsOfDeb(contents: string): Part[] {
  return contents
    .split('\n')
    .map((line) => /^-\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\.(.+)$/.exec(line))
    .flatMap((found) => (found ? [{ path: found[2], bytes: Number(found[1]) }] : []));
}

/** Fails when a package, or what it installs, weighs too much; prints what takes the room. */
export function sizesStep(layout: Layout, say: (line: string) => void): Step {
  return {
    name: 'sizes',
    makes: 'weighing the packages',
    inputs: [],
    facts: [String(Date.now())],
    outputs: [],
    run: () => {
      const packages = packagesIn(bundleFolder(layout));
      if (packages.length === 0) throw new Error(`No package in ${bundleFolder(layout)}.`);
      const tooLarge: string[] = [];
      for (const path of packages) {
        const { size } = statSync(path);
        say(`  ${(size / 1e6).toFixed(1).padStart(6)} MB  ${path}`);
        if (size > limits.installer) tooLarge.push(path);
      }
      const deb = packages.find((path) => path.endsWith('.deb'));
      if (deb) {
        const parts = partsOfDeb(must('dpkg-deb', ['--contents', deb]));
        const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
        say(`  ${(total / 1e6).toFixed(1).padStart(6)} MB  installed, ${parts.length} files; the largest:`);
        for (const { path, bytes } of largestParts(parts))
          say(`  ${(bytes / 1e6).toFixed(1).padStart(6)} MB  ${path}`);
        if (total > limits.installed) tooLarge.push('what is installed');
      }
      if (tooLarge.length > 0)
        throw new Error(
          `Larger than ${limits.installer / 1e6} MB (installed: ${limits.installed / 1e6}): ${tooLarge}`,
        );
      return undefined;
    },
  };
}
