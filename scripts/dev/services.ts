import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type SupervisorEvent, supervisorEventSchema } from '@pidentify/contracts';
import type { DevPage } from './page.ts';

/** An editor that saves all its files writes many at once. */
const togetherMs = 200;

/** `ending`: told to end, for a new start or for good. */
type State = { is: 'running'; child: ChildProcess } | { is: 'ended' };

/**
 * Runs the supervisor from its sources until told to stop, and again after each change of a source; one that has ended
 * by itself waits for the next change.
 */
export async function runServices(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  page: DevPage;
  /** For the supervisor. */
  args: readonly string[];
  /** Lines of the window; their end means stop. Without them signals do. */
  orders?: Readable;
  say: (line: string) => void;
  hear: (event: SupervisorEvent) => void;
}): Promise<void> {
  const { root, page, orders, say, hear } = options;
  const done = Promise.withResolvers<void>();
  let state: State = { is: 'ended' };
  let wish: 'run' | 'restart' | 'stop' = 'run';

  function start(): void {
    wish = 'run';
    const child = spawnSupervisor(options);
    state = { is: 'running', child };
    child.once('exit', onEnded);
    child.once('error', (error) => say(error.message));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = eventOf(line, page);
      // Its end is ours to tell.
      if (event && !('stopped' in event)) hear(event);
    });
  }

  function onEnded(status: number | null): void {
    state = { is: 'ended' };
    if (wish === 'restart') start();
    else if (wish === 'stop') done.resolve();
    else say(`the services ended (${status}); the next change of a source starts them`);
  }

  function end(next: 'restart' | 'stop'): void {
    if (wish !== 'stop') wish = next;
    if (state.is === 'running') state.child.stdin?.end();
    else if (next === 'restart') start();
    else done.resolve();
  }

  let waiting: NodeJS.Timeout | undefined;
  const folders = ['packages', 'recorder', 'server', 'supervisor'].map((name) => join(root, name));
  page.watch(folders, (path) => {
    if (!isSource(path)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      say(`${path.slice(root.length + 1)} has changed, starting the services again ...`);
      end('restart');
    }, togetherMs);
  });

  const stop = () => {
    clearTimeout(waiting);
    end('stop');
  };
  if (orders) {
    const lines = createInterface({ input: orders });
    lines.on('line', (line) => {
      if (state.is === 'running') state.child.stdin?.write(`${line}\n`);
      if (line.includes('"shutdown"')) stop();
    });
    lines.once('close', stop);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  start();
  await done.promise;
}

function spawnSupervisor(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  page: DevPage;
  args: readonly string[];
}): ChildProcess {
  const { root, page, args } = options;
  const own = ['--headless', '--events', 'json', '--watch-stdin', '--port', String(page.apiPort)];
  // The API is asked through the page's port, by that name.
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${page.port}`);
  const hosts = [options.env.PIDENTIFY_HOSTS, ...names].filter(Boolean).join();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'supervisor/src/main.ts'), ...own, ...args],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...options.env, PIDENTIFY_HOSTS: hosts } },
  );
  // It may be gone before it has read everything: its end tells.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** Null for text; the address of the page takes the place of the API's. */
function eventOf(line: string, page: DevPage): SupervisorEvent | null {
  try {
    const event = supervisorEventSchema.parse(JSON.parse(line));
    if (!('ready' in event)) return event;
    return { ready: { ...event.ready, url: page.url, port: page.port } };
  } catch {
    return null; // written by something else that shares the output
  }
}

const isSource = (path: string) =>
  /\.(ts|sql|json)$/.test(path) && !/\.test\.ts$|[\\/](testing|dist|node_modules)[\\/]/.test(path);
