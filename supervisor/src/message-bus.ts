import { randomBytes } from 'node:crypto';
import type { Environment } from '@pidentify/platform';
import { fetchedValkey, findValkey, type Log, type Platform, type ValkeyAccess } from '@pidentify/platform';
import { launchNode } from './launch-node.ts';
import { launchValkey } from './launch-valkey.ts';
import type { Launched } from './launched.ts';
import type { LogFiles } from './log-files.ts';
import { freePort } from './ports.ts';
import type { Watch } from './watch.ts';

/** `ours`: we start it; `external`: REDIS_HOST names one that others run. */
export type BusAccess = OwnAccess | ExternalAccess;
type OwnAccess = ValkeyAccess & { runBy: 'ours'; host: string };
type ExternalAccess = { runBy: 'external'; host: string; port: number; username?: string; password?: string };

/** Where the bus is, or will be: a free port and a new password, unless REDIS_HOST names another one. */
export async function chooseBusAccess(env: Environment): Promise<BusAccess> {
  if (env.REDIS_HOST) {
    return {
      host: env.REDIS_HOST,
      port: Number(env.REDIS_PORT || 6379),
      username: env.REDIS_USERNAME || undefined,
      password: env.REDIS_PASSWORD || undefined,
      runBy: 'external',
    };
  }
  const password = randomBytes(24).toString('hex');
  return { host: '127.0.0.1', port: await freePort(), username: 'pid', password, runBy: 'ours' };
}

/** As the services read it. */
export function redisVariables(access: BusAccess): Record<string, string | undefined> {
  const { host, port, username, password } = access;
  return { REDIS_HOST: host, REDIS_PORT: String(port), REDIS_USERNAME: username, REDIS_PASSWORD: password };
}

/**
 * Starts a Valkey of this machine, or else the built-in server; resolves when it answers. With
 * PIDENTIFY_VALKEY=builtin no Valkey is looked for. Throws service_failed.
 */
export async function startMessageBus(options: {
  access: OwnAccess;
  platform: Platform;
  env: Environment;
  cacheFolder: string;
  bundledValkey?: string;
  /** Script of the built-in server. */
  busServer: string;
  watch: (launch: () => Launched) => Watch;
  logs: LogFiles;
  log: Log;
}): Promise<void> {
  const { access, platform, env, watch, log } = options;
  const stream = options.logs.of('valkey');
  const binary = env.PIDENTIFY_VALKEY === 'builtin' ? null : findValkey(places(options));
  if (binary) {
    try {
      await watch(() => launchValkey({ binary, access, platform, env, log: stream })).start();
      return;
    } catch (error) {
      log('warn', `${binary.path} cannot be used, the built-in server takes its place: ${error}`);
    }
  }
  const serverEnv = { ...env, ...redisVariables(access) };
  await watch(() => launchNode({ script: options.busServer, env: serverEnv, log: stream })).start();
}

function places(options: {
  env: Environment;
  cacheFolder: string;
  bundledValkey?: string;
}): Parameters<typeof findValkey>[0] {
  return {
    named: options.env.PIDENTIFY_VALKEY,
    bundledPath: options.bundledValkey,
    fetchedPath: fetchedValkey(options.cacheFolder),
    searchPath: options.env.PATH,
  };
}
