import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Platform } from './host.ts';

/**
 * Waits beside the program for the pipe on fd 3: its end means that whoever holds the other end is gone,
 * and the program goes too; a line means that the program ends by itself. `exec` keeps the pid. Where the system can
 * (Linux, by util-linux), it kills the program with its parent, even when the guard has been killed, too.
 */
const guardScript = [
  '{ read -r _ || kill -9 $$; } <&3 >/dev/null 2>&1 &',
  'if setpriv --pdeathsig KILL true 2>/dev/null',
  'then exec setpriv --pdeathsig KILL "$0" "$@" 3<&-',
  'else exec "$0" "$@" 3<&-',
  'fi',
].join('\n');

export type GuardedChild = {
  child: ChildProcess;
  /** To be called before the program is ended on purpose, and after it has ended by itself. */
  release: () => void;
};

/**
 * Starts a program that is not Node so that it dies with this process, however this one ends.
 * On Windows the job object of the shell does that. stdio is three pipes.
 */
export function spawnGuarded(options: {
  platform: Platform;
  command: string;
  args: readonly string[];
  env: Record<string, string | undefined>;
}): GuardedChild {
  const { platform, command, args, env } = options;
  if (platform === 'windows') {
    const child = spawn(command, args, { env, stdio: 'pipe', windowsHide: true });
    return { child, release: () => undefined };
  }
  // Own session: Ctrl-C in a terminal goes to the whole group, but this one has to end last.
  const child = spawn('/bin/sh', ['-c', guardScript, command, ...args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const pipe = child.stdio[3] as Writable;
  // The guard may be gone already (killed by hand): then there is nothing left to tell it.
  pipe.on('error', () => undefined);
  return { child, release: () => pipe.end('released\n') };
}
