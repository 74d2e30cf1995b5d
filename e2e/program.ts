import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Health,
  type HistoryPage,
  healthSchema,
  historyPageSchema,
  type Status,
  statusSchema,
} from '@pidentify/contracts';

const root = resolve(import.meta.dirname, '..');

export type Program = {
  url: string;
  data: string;
  music: string;
  /** Milliseconds from the start of the command to the line `ready`. */
  readyMs: number;
  child: ChildProcess;
  output(): string;
  health(): Promise<Health>;
  status(): Promise<Status>;
  history(): Promise<HistoryPage>;
  /** What is left of this run: as `processesOf`, and every service that `health` ever named. */
  processes(): RunningProcess[];
  get(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body?: unknown): Promise<Response>;
  /** Ends it as a person does, and gives exit status and milliseconds. */
  stop(signal?: NodeJS.Signals): Promise<{ status: number | null; ms: number }>;
};

type Options = { data: string; music: string; input?: string; args?: string[]; env?: Record<string, string> };

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `pidentify-${name}-`));
}

/** Runs `npm start -- --headless` as a person would, until `ready`. */
export async function startProgram({ data, music, input, args = [], env = {} }: Options): Promise<Program> {
  const began = performance.now();
  const options = [
    '--headless',
    '--data',
    data,
    '--music',
    music,
    '--port',
    '0',
    ...(input ? ['--input', input] : []),
    ...args,
  ];
  const child = spawn('npm', ['start', '--', ...options], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const exited = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  const ready = new Promise<string>((done, fail) => {
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      const line = /^ready (http:\S+)$/m.exec(output);
      if (line) done(line[1]);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    void exited.then((code) => fail(new Error(`ended with status ${code} before it was ready:\n${output}`)));
  });
  const url = await within(ready, 150_000, () => `not ready:\n${output}`);
  const readyMs = performance.now() - began;
  const get = (path: string, init?: RequestInit) => fetch(new URL(path, url), init);
  const services = new Set<number>();
  const json = async (path: string) => (await get(path)).json();
  return {
    url,
    data,
    music,
    readyMs,
    child,
    output: () => output,
    get,
    post: (path, body) =>
      get(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      }),
    async health() {
      const health = healthSchema.parse(await json('/api/health'));
      for (const { pid } of health.services) if (pid !== null) services.add(pid);
      return health;
    },
    processes: () => processesOf(data, services),
    status: async () => statusSchema.parse(await json('/api/status')),
    history: async () => historyPageSchema.parse(await json('/api/history?page_size=100')),
    async stop(signal = 'SIGTERM') {
      const from = performance.now();
      if (child.exitCode === null && child.pid) process.kill(-child.pid, signal);
      const status = await within(exited, 20_000, () => `did not stop:\n${output}`);
      return { status, ms: performance.now() - from };
    },
  };
}

async function within<T>(promise: Promise<T>, ms: number, why: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`after ${ms} ms: ${why()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again until `done` says yes; fails with the last answer. */
export async function eventually<T>(
  ask: () => Promise<T>,
  done: (answer: T) => boolean,
  { ms = 30_000, everyMs = 200 } = {},
): Promise<T> {
  const deadline = performance.now() + ms;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (done(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`not within ${ms} ms; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
}

export type RunningProcess = { pid: number; command: string; pssKb: number; ticks: number };

/**
 * Processes whose command line or environment names `data`: everything one run started, except Valkey, which
 * overwrites both; `services` are pids known to be of the run.
 */
export function processesOf(data: string, services: ReadonlySet<number> = new Set()): RunningProcess[] {
  const found: RunningProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      const isService = services.has(Number(name)) && /valkey|node/.test(command);
      if (!isService && !command.includes(data) && !environment.includes(data)) continue;
      const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/smaps_rollup`, 'utf8'));
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ');
      if (fields[0] === 'Z') continue;
      found.push({
        pid: Number(name),
        command,
        pssKb: Number(pss?.[1] ?? 0),
        ticks: Number(fields[11]) + Number(fields[12]),
      });
    } catch (error) {
      // A process that ended while it was looked at, or belongs to somebody else, does not count.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return found;
}

/** Sound files of a Debian package of real music, which `npm test` installs. */
export function musicOf(song: string): string {
  const path = join('/usr/share/games/fretsonfire/data/songs', song);
  if (!existsSync(path)) throw new Error(`${path} is missing: npm test installs it`);
  return path;
}

export const run = (program: string, args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
export { sleep };
