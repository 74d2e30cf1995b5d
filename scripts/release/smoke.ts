/** Does an installed Pidentify start, and is nothing left when its window is killed? */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { descendants, listProcesses, type ProcessFacts } from './processes.ts';

/** They belong to the system's browser engine, which ends them in its own time. */
const browserEngine = /WebKit\w*Process|msedgewebview2|xdg-dbus-proxy/;

/** Services that there are at least: supervisor, server, recorder. */
const leastServices = 3;

type SmokeOptions = {
  program: string;
  args: string[];
  /** Empty folder for its data. */
  folder: string;
  platform: NodeJS.Platform;
  /** Longest wait until its page answers. */
  startMs: number;
};

/** How many processes ended with the window. Throws when it does not come up, or leaves something behind. */
export async function smoke(options: SmokeOptions): Promise<number> {
  const { program, args, folder, platform, startMs } = options;
  const data = join(folder, 'data');
  mkdirSync(join(data, 'run'), { recursive: true });
  const own = ['--data', data, '--music', join(folder, 'music'), '--port', '0'];
  const window = spawn(program, [...args, ...own], { stdio: 'ignore' });
  let begun: ProcessFacts[] = [];
  try {
    const url = await urlOf({ window, run: join(data, 'run'), startMs });
    const answer = await fetch(new URL('api/health', url), { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
    begun = descendants(listProcesses(platform), window.pid ?? 0).filter(
      ({ command }) => !browserEngine.test(command),
    );
    if (begun.length < leastServices) throw new Error(`It runs ${begun.length} processes: ${names(begun)}.`);
    window.kill('SIGKILL');
    await pause(3_000);
    const left = stillThere(begun, platform);
    if (left.length > 0) throw new Error(`After the window was killed are left: ${names(left)}.`);
    return begun.length;
  } finally {
    window.kill('SIGKILL');
    for (const { pid } of stillThere(begun, platform)) process.kill(pid, 'SIGKILL');
  }
}

/** Resolves to the page's address once run/instance.json has it. */
function urlOf(options: { window: ChildProcess; run: string; startMs: number }): Promise<string> {
  const { window, run, startMs } = options;
  const instance = join(run, 'instance.json');
  const found = Promise.withResolvers<string>();
  const look = () => {
    const url = existsSync(instance)
      ? /"url"\s*:\s*"([^"]+)"/.exec(readFileSync(instance, 'utf8'))?.[1]
      : null;
    if (url) found.resolve(url);
  };
  const watcher = watch(run, look);
  const late = setTimeout(() => found.reject(new Error(`No page after ${startMs / 1000} s.`)), startMs);
  window.once('error', found.reject);
  window.once('exit', (status, signal) =>
    found.reject(new Error(`It ended by itself (${signal ?? `status ${status}`}) before its page answered.`)),
  );
  look();
  return found.promise.finally(() => {
    watcher.close();
    clearTimeout(late);
  });
}

function stillThere(begun: ProcessFacts[], platform: NodeJS.Platform): ProcessFacts[] {
  if (begun.length === 0) return [];
  const now = listProcesses(platform);
  return begun.filter(({ pid, started }) => now.some((one) => one.pid === pid && one.started === started));
}

const names = (all: ProcessFacts[]) =>
  all.map(({ pid, command }) => `${pid} ${command.slice(0, 120)}`).join('; ');
