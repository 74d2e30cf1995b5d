import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceHealth } from '@pidentify/contracts';

export type Told = { bus: string; services: ServiceHealth[]; pid: number };

export type Supervised = {
  child: ChildProcess;
  output: () => string;
  /** The address, once the line `ready` has come; throws when it ends before. */
  ready: Promise<string>;
  /** Exit status. */
  ended: Promise<number | null>;
  /** What the fake server heard; throws while it does not answer. */
  told: () => Promise<Told>;
  restart: (name: string) => Promise<unknown>;
};

/** Runs the supervisor with fake services as its own process. */
export function runSupervisor(args: string[], env: Record<string, string> = {}): Supervised {
  const script = join(import.meta.dirname, 'fake-main.ts');
  const child = spawn(process.execPath, [script, '--headless', ...args], {
    // The same for all runs, so that each starts in a moment.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'pidentify-test-compiled'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  // Tests that expect a failure never ask for the address.
  ready.catch(() => output);
  const hear = (chunk: Buffer) => {
    output += chunk;
    const url = /^ready (\S+)$/m.exec(output)?.[1] ?? /"ready":\{"url":"([^"]+)"/.exec(output)?.[1];
    if (url) resolve(url);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.once('exit', (status) => reject(new Error(`ended with status ${status}: ${output}`)));
  const ask = async (path: string) => (await fetch(new URL(path, await ready))).json();
  return {
    child,
    output: () => output,
    ready,
    ended,
    told: () => ask('/') as Promise<Told>,
    restart: (name) => ask(`/restart/${name}`),
  };
}

/** Processes that have the folder in their environment, zombies apart: all that one run started. */
export function processesWith(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (state === 'Z' || !environment.includes(`APPDATA_DIR=${folder}\0`)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
      } catch {
        return []; // it ended while it was looked at
      }
    });
}

/** Valkey overwrites its environment; it is found by its pid. A zombie is not alive. */
export function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
  } catch {
    return false; // no such process
  }
}
