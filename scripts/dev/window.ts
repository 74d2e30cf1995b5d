import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { hasScreen, type Platform } from '@pidentify/platform';

type Environment = NodeJS.ProcessEnv;

/** An editor that saves all its files writes many at once. */
const togetherMs = 300;

/** Whether there is a screen, Rust, and what the window is linked with. */
export function canCompileWindow({ platform, env }: { platform: Platform; env: Environment }): boolean {
  const works = (program: string, args: string[]) => spawnSync(program, args, { env }).status === 0;
  const hasLibraries = platform !== 'linux' || works('pkg-config', ['--exists', 'webkit2gtk-4.1']);
  return hasScreen({ platform, env }) && works('cargo', ['--version']) && hasLibraries;
}

/**
 * Compiles the window with debug information and opens it, again after each change of its sources; what does not
 * compile leaves the open one as it is. Resolves to the exit status when the window is closed.
 */
export async function runWindow(options: {
  root: string;
  env: Environment;
  args: readonly string[];
  say: (line: string) => void;
}): Promise<number> {
  const { root, env, args, say } = options;
  say('compiling the window (some minutes the first time) ...');
  const program = await compileWindow({ root, env });
  if (!program) return 1;
  const done = Promise.withResolvers<number>();
  let isReopening = false;
  let window = open();

  function open(): ChildProcess {
    const variables = { PIDENTIFY_DEV_ROOT: root, PIDENTIFY_DEV_SUPERVISOR: join(root, 'scripts/dev.ts') };
    const child = spawn(program ?? '', args, { stdio: 'inherit', env: { ...env, ...variables } });
    child.once('error', done.reject);
    child.once('exit', (status) => {
      if (isReopening) window = open();
      else done.resolve(status ?? 1);
      isReopening = false;
    });
    return child;
  }

  const compileAgain = async () => {
    say('the window has changed, compiling ...');
    if (!(await compileWindow({ root, env }))) return say('that does not compile; the window stays as it is');
    isReopening = true;
    window.kill('SIGTERM');
  };
  let waiting: NodeJS.Timeout | undefined;
  for (const folder of ['src-tauri/src', 'src-tauri/shell-logic/src', 'splash']) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(compileAgain, togetherMs);
    });
  }
  // The terminal signals the window as well; it stops the services and then ends, and we with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void window.kill('SIGTERM'));
  return done.promise;
}

/** Path of the program; null when it does not compile, which the compiler has explained. */
async function compileWindow({ root, env }: { root: string; env: Environment }): Promise<string | null> {
  const folder =
    env.CARGO_TARGET_DIR ?? join(env.PIDENTIFY_CACHE_DIR ?? join(root, '.tools'), 'cargo-target');
  const cargo = spawn('cargo', ['build', '--manifest-path', join(root, 'src-tauri/Cargo.toml')], {
    stdio: 'inherit',
    env: { ...env, CARGO_TARGET_DIR: folder },
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  cargo.once('error', reject);
  cargo.once('exit', resolve);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return (await promise) === 0 ? join(folder, 'debug', `pidentify${suffix}`) : null;
}
