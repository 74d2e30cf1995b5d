import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, removeFolder, temporaryFolder } from '../program.ts';
import { addWindow, copyOfClone } from './clone.ts';
import {
  allGone,
  type Desktop,
  pressKeys,
  programsOf,
  servicesOf,
  startDesktop,
  visibleWindows,
  windowsOf,
} from './desktop.ts';
import { type DrivenWindow, openWindow } from './driver.ts';
import { installedProgram } from './installed.ts';

/** What a person does with a clone on a desktop: `npm start` and `npm run dev`. */
const folder = temporaryFolder('clone');
const options = ['--data', join(folder, 'data'), '--music', join(folder, 'music'), '--port', '0'];
let desktop: Desktop;
let copy: string;
let output = '';
let npm: ChildProcess | undefined;

beforeAll(async () => {
  copy = copyOfClone();
  desktop = await startDesktop(folder);
});
afterEach(async () => {
  for (const { pid } of programsOf(desktop)) process.kill(pid, 'SIGKILL');
  await allGone(desktop, 5000);
});
afterAll(async () => {
  await desktop.stop();
  removeFolder(folder);
  removeFolder(copy);
});

/** Runs npm in the copy, in a group of its own as a terminal does. */
function runNpm(command: string[], env: Record<string, string> = {}): void {
  output = '';
  npm = spawn('npm', [...command, '--', ...options], {
    cwd: copy,
    env: { ...desktop.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [npm.stdout, npm.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
}

/** Ctrl+C in that terminal; the exit status. */
async function interrupt(): Promise<number | null> {
  if (!npm?.pid) throw new Error('npm does not run.');
  const ended = once(npm, 'exit');
  process.kill(-npm.pid, 'SIGINT');
  return (await ended)[0];
}

const said = (text: string | RegExp, ms = 60_000) =>
  eventually(
    async () => output,
    (all) => (typeof text === 'string' ? all.includes(text) : text.test(all)),
    { ms, everyMs: 50 },
  );
const commands = () => servicesOf(desktop).map(({ command }) => command);
const pidOf = (script: string) => servicesOf(desktop).find(({ command }) => command.includes(script))?.pid;

function change(file: string, from: string, to: string): void {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

describe('npm start on a desktop', () => {
  it('opens the browser where no window has been built', async () => {
    runNpm(['start']);
    await said(/^ready http/m, 120_000);
    const [url] = /http:\S+/.exec(output) ?? [];
    await eventually(
      async () => desktop.opened(),
      (opened) => opened.includes(url ?? 'none'),
      { ms: 5000 },
    );
    expect(visibleWindows(desktop)).toBe(0);
    expect(await interrupt()).toBe(0);
    await allGone(desktop, 3000);
  });

  it('opens the window that was built here, with the same services, and ends with it', async () => {
    addWindow(copy);
    runNpm(['start']);
    await said('the page is at port');
    await eventually(
      async () => visibleWindows(desktop),
      (count) => count === 1,
      { ms: 5000 },
    );
    expect(commands().some((command) => command.includes(join(copy, 'dist/services/supervisor')))).toBe(true);
    expect(await interrupt()).toBe(0);
    await allGone(desktop, 3000);
  });

  it('starts at login without npm, as its entry for that does', async () => {
    output = '';
    const started = spawn(join(copy, '.tools/native/window/pidentify'), options, { env: desktop.env });
    started.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    await said('the page is at port');
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 3000);
  });

  it('opens the browser where the window is older than its sources, and says so', async () => {
    change('splash/index.html', 'Starting', 'Beginning');
    runNpm(['start']);
    await said('the window is older than its sources');
    await said(/^ready http/m);
    expect(visibleWindows(desktop)).toBe(0);
    expect(await interrupt()).toBe(0);
  });
});

describe('npm run dev', () => {
  let driven: DrivenWindow;
  afterEach(() => driven?.stop());

  it('without a window: says where the page is, starts the services again, stops in order', async () => {
    options.push('--headless');
    runNpm(['run', 'dev']);
    options.pop();
    await said(/^ready http/m);
    const [url] = /http:\S+/.exec(output) ?? [];
    const health = async () => (await fetch(new URL('/api/health', url))).json();
    expect(await (await fetch(url ?? '')).text()).toContain('/@vite/client');
    expect(await health()).toMatchObject({ service: 'pidentify' });
    const before = pidOf('supervisor/src/main.ts');
    change('server/src/control/routes.ts', 'Listening now.', 'Listening this moment.');
    await said('server/src/control/routes.ts has changed');
    await said(/ready http[\s\S]*ready http/);
    expect(pidOf('supervisor/src/main.ts')).not.toBe(before);
    const answer = await fetch(new URL('/api/scan-now', url), {
      method: 'POST',
      headers: { origin: `${new URL(url ?? '').origin}` },
    });
    expect(await answer.text()).toContain('this moment');
    expect(desktop.opened().includes(url ?? '')).toBe(false);
    expect(await interrupt()).toBe(0);
    await allGone(desktop, 3000);
  });

  it('with a window: compiles and opens it, again when a source of it changes, and ends with it', async () => {
    // The compiler's part is done by the program that was built already; compiling it here would take minutes.
    const stub = join(folder, 'programs/cargo');
    const built =
      'mkdir -p "$CARGO_TARGET_DIR/debug" && cp --remove-destination "$BUILT" "$CARGO_TARGET_DIR/debug/pidentify"';
    writeFileSync(stub, `#!/bin/sh\nif [ "$1" = build ]; then ${built}; fi\n`, { mode: 0o755 });
    runNpm(['run', 'dev'], { CARGO_TARGET_DIR: join(folder, 'cargo'), BUILT: installedProgram() });
    await said('the page is at port');
    const first = windowsOf(desktop)[0].pid;
    change('splash/index.html', 'Beginning', 'Starting');
    await said('the window has changed');
    await eventually(
      async () => windowsOf(desktop).map(({ pid }) => pid),
      ([pid]) => pid !== undefined && pid !== first,
      { ms: 20_000 },
    );
    await said(/the page is at port[\s\S]*the page is at port/);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 5000);
  });

  it('in the window: the page changes where it is, the services start again, a mistake waits to be mended', async () => {
    driven = await openWindow({
      desktop,
      program: installedProgram(),
      args: options,
      env: { PIDENTIFY_DEV_ROOT: copy, PIDENTIFY_DEV_SUPERVISOR: join(copy, 'scripts/dev.ts') },
    });
    await eventually(driven.url, (url) => url.startsWith('http://127.0.0.1:'), { ms: 60_000 });
    await eventually(driven.text, (text) => text.includes('Settings'), { ms: 30_000 });
    const page = await driven.url();
    change('web/src/sentences.ts', "settings: 'Settings',", "settings: 'Preferences',");
    await eventually(driven.text, (text) => text.includes('Preferences'), { ms: 15_000 });

    const first = pidOf('supervisor/src/main.ts');
    change('supervisor/src/supervise.ts', "'Starting the server", "'Starting anew the server");
    const second = await eventually(
      async () => pidOf('supervisor/src/main.ts'),
      (pid) => pid !== undefined && pid !== first,
      { ms: 15_000 },
    );
    change('supervisor/src/supervise.ts', 'export async', 'export asink');
    await eventually(
      async () => pidOf('supervisor/src/main.ts'),
      (pid) => pid === undefined,
      { ms: 15_000 },
    );
    change('supervisor/src/supervise.ts', 'export asink', 'export async');
    await eventually(
      async () => pidOf('recorder/src/main.ts'),
      (pid) => pid !== undefined && pid !== second,
      { ms: 15_000 },
    );
    await eventually(
      async () => driven.evaluate(`fetch('/api/health').then((answer) => answer.status)`),
      (status) => status === 200,
      { ms: 15_000 },
    );
    expect(await driven.url()).toBe(page);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 3000);
  });
});
