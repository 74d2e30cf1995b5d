import { once } from 'node:events';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { resolveFolders } from '../folders.ts';
import { spawnGuarded } from '../guarded.ts';
import { hostPlatform } from '../host.ts';
import { fetchedValkey, findValkey, type ValkeyBinary, valkeyArguments, valkeyConfig } from '../valkey.ts';

export type ValkeyRig = {
  host: string;
  port: number;
  username: string;
  password: string;
  pid: number;
  /** kill -9, and waits until it is gone. */
  kill: () => Promise<void>;
};

/** The Valkey of this machine; throws when there is none, because tests must not pass without it. */
export function requireValkey(): ValkeyBinary {
  const { env } = process;
  const folders = resolveFolders({ platform: hostPlatform(), env, home: homedir(), cwd: process.cwd() });
  const found = findValkey({
    named: env.PIDENTIFY_VALKEY,
    fetchedPath: fetchedValkey(folders.cache),
    searchPath: env.PATH,
  });
  if (!found) throw new Error('No Valkey on this machine: run "npm start" or "npm test" once to fetch it.');
  return found;
}

/** Starts a real Valkey with the bus's own rights; `port` to start it again where it was. */
export async function startValkey(options: { port?: number; password?: string } = {}): Promise<ValkeyRig> {
  const binary = requireValkey();
  const port = options.port ?? (await freePort());
  const access = { port, username: 'pid', password: options.password ?? 'secret' };
  const { child, release } = spawnGuarded({
    platform: hostPlatform(),
    command: binary.path,
    args: valkeyArguments,
    env: { ...process.env, LD_LIBRARY_PATH: binary.libraryPath },
  });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', () => reject(new Error(`Valkey ended: ${output}`)));
  });
  child.stdin?.end(valkeyConfig(access));
  await ready;
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    release();
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { host: '127.0.0.1', ...access, pid: child.pid as number, kill };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
