import type { Writable } from 'node:stream';
import { PidentifyError } from '@pidentify/contracts';
import {
  type Platform,
  spawnGuarded,
  type ValkeyAccess,
  type ValkeyBinary,
  valkeyArguments,
  valkeyConfig,
} from '@pidentify/platform';
import { describeEnd, type Launched } from './launched.ts';

/** Starts Valkey so that it dies with us; it answers once it has said so. */
export function launchValkey(options: {
  binary: ValkeyBinary;
  access: ValkeyAccess;
  platform: Platform;
  env: Record<string, string | undefined>;
  log: Writable;
}): Launched {
  const { binary, access, platform, env, log } = options;
  const { child, release } = spawnGuarded({
    platform,
    command: binary.path,
    args: valkeyArguments,
    env: { ...env, LD_LIBRARY_PATH: binary.libraryPath ?? env.LD_LIBRARY_PATH },
  });
  const ready = Promise.withResolvers<{ port?: number }>();
  const ended = Promise.withResolvers<string>();
  const end = (how: string) => {
    release();
    ready.reject(new PidentifyError('service_failed', `Valkey ${how}.`));
    ended.resolve(how);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    if (chunk.includes('Ready to accept connections')) ready.resolve({ port: access.port });
  });
  child.stderr?.pipe(log, { end: false });
  // It may die before it has read its configuration, which 'exit' tells.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(valkeyConfig(access));
  child.once('exit', (status, signal) => end(describeEnd(status, signal)));
  child.once('error', (error) => end(`could not be started: ${error.message}`));
  const signal = (name: NodeJS.Signals) => {
    release();
    child.kill(name);
  };
  return {
    pid: child.pid ?? null,
    ready: ready.promise,
    ended: ended.promise,
    stop: () => signal('SIGTERM'),
    kill: () => signal('SIGKILL'),
  };
}
