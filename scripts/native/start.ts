import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { healthSchema, type ServiceHealth } from '@pidentify/contracts';
import { z } from 'zod';
import type { Layout } from './layout.ts';
import type { Step } from './steps.ts';

const readySchema = z.object({ ready: z.object({ url: z.string() }) });

/**
 * Starts the parts that are shipped as the window does, with nothing of the clone and an empty data folder: the
 * migrations run, and every service has to say that it is up.
 */
export function startStep(layout: Layout): Step {
  const stamp = join(layout.root, '.tools', 'native', 'started');
  return {
    name: 'start',
    makes: 'starting what is shipped, with an empty data folder',
    inputs: ['src-tauri/binaries', 'src-tauri/resources/services/**', 'scripts/native/start.ts'],
    outputs: [stamp],
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pidentify-native-'));
      try {
        const services = await startedServices(layout, folder);
        mkdirSync(dirname(stamp), { recursive: true });
        writeFileSync(stamp, services);
        return services;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Which services came up. Throws when one did not, or when it does not end with its standard input. */
async function startedServices(layout: Layout, folder: string): Promise<string> {
  const script = join(layout.services, 'supervisor/src/main.js');
  const own = ['--data', join(folder, 'data'), '--music', join(folder, 'music'), '--port', '0'];
  const child = spawn(
    layout.program('pidentify-node'),
    [script, '--headless', '--events', 'json', '--watch-stdin', ...own],
    { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH, HOME: folder } },
  );
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  try {
    const url = await readyUrl(child);
    const ask = async () => (await fetch(new URL('api/health', url))).json();
    const names = await allRunning(async () => healthSchema.parse(await ask()).services);
    child.stdin?.end();
    const status = await ended;
    if (status !== 0) throw new Error(`The services ended with status ${status}.`);
    return names.join(', ');
  } finally {
    child.kill('SIGKILL');
  }
}

const limitMs = 30_000;
const betweenMs = 100;

/** The page is there before the recorder is: waits for what is still starting. Throws when one is given up, or late. */
export async function allRunning(ask: () => Promise<ServiceHealth[]>, now = () => performance.now()) {
  const deadline = now() + limitMs;
  for (;;) {
    const services = await ask();
    const down = services.filter(({ state }) => state !== 'running');
    if (down.length === 0) return services.map(({ name }) => name);
    if (now() > deadline || down.some(({ state }) => state === 'failed'))
      throw new Error(`Not running: ${down.map(({ name }) => name).join(', ')}`);
    await pause(betweenMs);
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('No standard output.');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = readySchema.safeParse(JSON.parse(line));
    if (ready.success) return ready.data.ready.url;
    lines.push(line);
  }
  throw new Error(`What is shipped does not start:\n${lines.join('\n')}`);
}
