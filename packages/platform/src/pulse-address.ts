import { posix } from 'node:path';
import type { Environment } from './host.ts';

/** Where a PulseAudio or PipeWire server may answer. */
export type PulseAddress = { path: string } | { host: string; port: number };

const pulsePort = 4713;

export type PulseSurroundings = { env: Environment; home: string; uid?: number };

/** Every place to try, in order. PULSE_SERVER, where it is set, is the only one. */
export function pulseAddresses({ env, home, uid }: PulseSurroundings): PulseAddress[] {
  const named = (env.PULSE_SERVER ?? '').split(/\s+/).filter((part) => part !== '');
  if (named.length > 0) return named.flatMap(parseServer);
  const folders = [
    env.PULSE_RUNTIME_PATH,
    env.XDG_RUNTIME_DIR && posix.join(env.XDG_RUNTIME_DIR, 'pulse'),
    uid === undefined ? undefined : `/run/user/${uid}/pulse`,
    posix.join(home, '.pulse'),
    '/var/run/pulse',
  ];
  const usable = folders.filter((folder): folder is string => folder?.startsWith('/') === true);
  return [...new Set(usable)].map((folder) => ({ path: posix.join(folder, 'native') }));
}

/** Files that may hold the cookie, in order. */
export function pulseCookieFiles({ env, home }: PulseSurroundings): string[] {
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : posix.join(home, '.config');
  const files = [
    env.PULSE_COOKIE,
    posix.join(config, 'pulse/cookie'),
    posix.join(home, '.pulse-cookie'),
    '/var/run/pulse/.config/pulse/cookie',
  ];
  return files.filter((file): file is string => Boolean(file));
}

/** One entry of PULSE_SERVER: `unix:/path`, `/path`, `tcp:host:port`, `[::1]:port`, `host`; all may have {machine}. */
function parseServer(text: string): PulseAddress[] {
  const entry = text.replace(/^\{[^}]*\}/, '');
  if (entry.startsWith('/')) return [{ path: entry }];
  if (entry.startsWith('unix:')) return [{ path: entry.slice('unix:'.length) }];
  const match = /^(?:tcp[46]?:)?(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry);
  const port = Number(match?.[3] ?? pulsePort);
  if (!match || port > 65_535) return [];
  return [{ host: match[1] ?? match[2], port }];
}
