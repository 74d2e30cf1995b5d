/**
 * The window: splash painted, page interactive, memory. Bars: 500 ms, 2500 ms (warm, installed build).
 * `node bench/native-start.ts [PROGRAM]`: an installed program; without one, what `npm run build:native` has packed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  allGone,
  type Desktop,
  fakeClone,
  pressKeys,
  programsOf,
  startDesktop,
  windowsOf,
} from '../e2e/native/desktop.ts';
import { type DrivenWindow, openWindow } from '../e2e/native/driver.ts';
import { installedProgram } from '../e2e/native/installed.ts';
import { eventually, removeFolder, sleep, temporaryFolder } from '../e2e/program.ts';
import { median, printTable } from './figures.ts';

const program = process.argv[2] ?? installedProgram();
const rounds = 5;

/** Wall clock of a process's start, from the kernel's ticks of 10 ms. */
function startOf(pid: number): number {
  const ticks = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]);
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - uptime * 1000 + ticks * 10;
}

const momentsSchema = z.object({ asked: z.number(), painted: z.number(), interactive: z.number() });
type Moments = z.infer<typeof momentsSchema>;

/** Wall clock of the moments a page was asked for, first painted with content, and had run its scripts. */
async function momentsOf(driven: DrivenWindow): Promise<Moments> {
  const json = await driven.evaluate(`JSON.stringify({
    asked: performance.timeOrigin,
    painted: performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime,
    interactive: performance.timeOrigin + performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd })`);
  return momentsSchema.parse(JSON.parse(String(json)));
}

/** One start to the point where `seen` is true of the address, measured, then closed. */
async function measure(desktop: Desktop, env: Record<string, string>, seen: RegExp) {
  const data = join(desktop.folder, 'data');
  const args = ['--data', data, '--music', join(desktop.folder, 'music'), '--port', '0'];
  const driven = await openWindow({ desktop, program, args, env });
  const start = startOf(windowsOf(desktop)[0].pid);
  await eventually(driven.url, (url) => seen.test(url), { ms: 60_000, everyMs: 20 });
  const moments = await eventually(
    () => momentsOf(driven),
    () => true,
    { ms: 10_000, everyMs: 50 },
  );
  await sleep(3000);
  const memory = programsOf(desktop).map(({ command, pssKb }) => ({ command, mb: pssKb / 1024 }));
  pressKeys(desktop, 'ctrl+q');
  await allGone(desktop, 10_000);
  driven.stop();
  const { asked, painted, interactive } = moments;
  return { asked: asked - start, painted: painted - start, interactive: interactive - start, memory };
}

const kindOf = (command: string): string => {
  if (/\/pidentify( |$)/.test(command)) return 'window';
  return /WebKit/.test(command) ? 'WebKit' : 'services';
};

const folder = temporaryFolder('bench-native');
const desktop = await startDesktop(folder);
try {
  // A supervisor that keeps the splash: its paint can be read before the page replaces it.
  const slow = { PIDENTIFY_DEV_ROOT: fakeClone(folder), PIDENTIFY_FAKE: 'slow=8000' };
  await measure(desktop, {}, /^http:/); // warms caches and makes the database
  const splash: number[] = [];
  const page: Awaited<ReturnType<typeof measure>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    splash.push((await measure(desktop, slow, /^tauri:/)).painted);
    page.push(await measure(desktop, {}, /^http:/));
  }
  const { memory } = page[page.length - 1];
  const sum = (kind?: string) =>
    memory
      .filter(({ command }) => !kind || kindOf(command) === kind)
      .reduce((total, { mb }) => total + mb, 0);
  const row = (name: string, values: number[], bar: string) => [
    name,
    median(values),
    Math.max(...values),
    bar,
  ];
  const of = (moment: keyof Moments) => page.map((one) => one[moment]);
  printTable(`window, installed, ${rounds} warm starts`, [
    ['', 'median ms', 'worst ms', 'bar'],
    row('splash painted', splash, '500'),
    row('page asked for: services ready', of('asked'), ''),
    row('page interactive', of('interactive'), '2500'),
    row('page painted', of('painted'), ''),
  ]);
  printTable('memory, PSS', [
    ['', 'MB'],
    ...['window', 'WebKit', 'services'].map((kind) => [kind, sum(kind)]),
    ['all', sum()],
  ]);
} finally {
  for (const { pid } of programsOf(desktop)) process.kill(pid, 'SIGKILL');
  await desktop.stop();
  removeFolder(folder);
}
