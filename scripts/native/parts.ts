/** The steps that put ready programs in their places: web client, Node, Valkey. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { findValkey } from '@pidentify/platform';
import type { Layout } from './layout.ts';
import { valkeyLibraries } from './libraries.ts';
import { webFiles } from './services.ts';
import type { Step } from './steps.ts';

const megabytes = (path: string) => `${(statSync(path).size / 1e6).toFixed(1)} MB`;

/** Runs a program to its end and throws, with what it said, when it fails. */
export function must(command: string, args: string[], options: { env?: NodeJS.ProcessEnv } = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...options,
  });
  if (status === 0) return stdout;
  const said = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`
    .trim()
    .split('\n')
    .slice(-15)
    .join('\n');
  throw new Error(`${command} ${args[0] ?? ''} failed: ${said}`);
}

export function webStep(layout: Layout): Step {
  const { root } = layout;
  return {
    name: 'web',
    makes: 'building the web client',
    inputs: ['web', 'packages/contracts', 'package-lock.json', 'scripts/build-web.mjs'],
    outputs: [webFiles(layout), join(root, 'web/dist/index.html')],
    run: () => {
      mkdirSync(dirname(webFiles(layout)), { recursive: true });
      must(process.execPath, [join(root, 'scripts/build-web.mjs'), join(root, 'web/dist'), webFiles(layout)]);
      return undefined;
    },
  };
}

/** The embedded Node: the published program, checked; stripped where nothing is signed over it. */
export function nodeStep(layout: Layout): Step {
  const { root, target } = layout;
  const source = join(root, 'node_modules', target.nodePackage, 'bin', `node${target.suffix}`);
  const program = layout.program('pidentify-node');
  return {
    name: 'node',
    makes: `taking Node from ${target.nodePackage}`,
    inputs: [source, 'scripts/native/parts.ts'],
    facts: [target.nodeSha256],
    outputs: [program],
    run: () => {
      const found = createHash('sha256').update(readFileSync(source)).digest('hex');
      if (found !== target.nodeSha256)
        throw new Error(`${source} has the SHA-256 ${found}, not the pinned one.`);
      put(source, program, (fresh) => {
        if (process.platform === 'linux') must('strip', [fresh]);
      });
      return `${must(program, ['--version']).trim()}, ${megabytes(program)}`;
    },
  };
}

/** Copies a program beside its place, works on it there, and puts it in its place. */
function put(source: string, program: string, work: (fresh: string) => void): void {
  mkdirSync(dirname(program), { recursive: true });
  const fresh = `${program}.new`;
  copyFileSync(source, fresh);
  chmodSync(fresh, 0o755);
  work(fresh);
  renameSync(fresh, program);
}

/**
 * Valkey with the libraries a bare system lacks: PIDENTIFY_VALKEY, or what scripts/provide-valkey.mjs fetched.
 * On macOS it lies beside the window's program, where Tauri signs it. Windows has none
 * (docs/decisions/0003-valkey-and-what-stands-in.md).
 */
export function valkeyStep(layout: Layout, fetched: string | null): Step {
  const beside = process.platform === 'darwin';
  const program = beside
    ? layout.program('pidentify-valkey')
    : join(layout.services, 'valkey/bin/valkey-server');
  const found = findValkey({ named: process.env.PIDENTIFY_VALKEY, fetchedPath: fetched });
  return {
    name: 'valkey',
    makes: 'taking Valkey',
    inputs: ['scripts/provide-valkey.mjs', 'scripts/native/parts.ts', ...(found ? [found.path] : [])],
    outputs: [program],
    run: () => {
      if (!found)
        throw new Error('No Valkey for this system: name one that runs anywhere by PIDENTIFY_VALKEY.');
      put(found.path, program, (fresh) => {
        if (process.platform === 'linux') must('strip', [fresh]);
      });
      const env = { ...process.env, LD_LIBRARY_PATH: found.libraryPath };
      const version = /v=(\S+)/.exec(must(program, ['--version'], { env }))?.[1];
      rmSync(join(dirname(program), '../lib'), { recursive: true, force: true });
      if (found.libraryPath) copyLibraries(found.libraryPath, join(dirname(program), '../lib'));
      return `Valkey ${version}, ${megabytes(program)}`;
    },
  };
}

function copyLibraries(from: string, to: string): void {
  for (const name of Object.keys(valkeyLibraries)) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { dereference: true });
  }
}
