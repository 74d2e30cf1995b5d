import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellOrderSchema } from '@pidentify/contracts';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, removeFolder, sleep, temporaryFolder } from '../program.ts';
import {
  allGone,
  buildWindow,
  type Desktop,
  fakeClone,
  pressKeys,
  programsOf,
  servicesOf,
  startDesktop,
  visibleWindows,
  windowId,
  windowsOf,
} from './desktop.ts';
import { type DrivenWindow, freePort, openWindow } from './driver.ts';

/** The real window on a real screen; its supervisor is one that can be told to be slow, to fail and to die. */
let program: string;
let desktop: Desktop;
let clone: string;
let window: DrivenWindow | undefined;

beforeAll(() => {
  program = buildWindow();
}, 1_800_000);

beforeEach(async () => {
  desktop = await startDesktop(temporaryFolder('window'));
  clone = fakeClone(desktop.folder);
});
afterEach(() => {
  window?.stop();
  window = undefined;
  for (const { pid } of programsOf(desktop)) process.kill(pid, 'SIGKILL');
  desktop.stop();
  removeFolder(desktop.folder);
});

async function open(behaviour: string, args: string[] = []): Promise<DrivenWindow> {
  const env = { PIDENTIFY_DEV_ROOT: clone, PIDENTIFY_FAKE: behaviour };
  window = await openWindow({ desktop, program, args, env });
  return window;
}

const onPage = (driven: DrivenWindow) =>
  eventually(driven.url, (url) => url.startsWith('http://127.0.0.1:'), { ms: 15_000, everyMs: 50 });

const supervisors = () => servicesOf(desktop).filter(({ command }) => command.includes('main.ts'));

const log = () =>
  readFileSync(join(desktop.env.HOME, '.local/share/com.pidentify.app/logs/window.log'), 'utf8');

describe('start', () => {
  it('shows the splash with the phase, then the page, which replaces it', async () => {
    const driven = await open('slow=4000');
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    await eventually(driven.text, (text) => text.includes('Starting services'), { ms: 5000 });
    await onPage(driven);
    await eventually(driven.text, (text) => text.includes('Page of the services'), { ms: 5000 });
    expect(await driven.evaluate('history.length')).toBe(1);
    expect(windowId(desktop)).not.toBe('');
  });

  it('passes data, music, input and port on to the supervisor', async () => {
    await open('', ['--data', '/d', '--music=/m', '--input', 'file:/s', '--port', '0', '--unknown']);
    await eventually(
      async () => log(),
      (text) => text.includes('fake supervisor:'),
      { ms: 5000 },
    );
    expect(log()).toContain(
      'fake supervisor: --headless --events json --watch-stdin --data /d --music /m --input file:/s --port 0\n',
    );
  });

  it('does not believe a program that does not know the token', async () => {
    const driven = await open('wrong-token');
    await eventually(driven.text, (text) => text.includes('another program answers'), { ms: 15_000 });
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    expect(servicesOf(desktop)).toEqual([]);
  });

  it('a second start ends and brings the first window forward', async () => {
    const driven = await open('');
    await onPage(driven);
    const id = windowId(desktop);
    desktop.xdotool('windowminimize', '--sync', id);
    const env = { ...desktop.env, PIDENTIFY_DEV_ROOT: clone };
    const second = spawn(program, { env, stdio: 'ignore' });
    expect((await once(second, 'exit'))[0]).toBe(0);
    await eventually(
      async () => windowId(desktop),
      (found) => found === id,
      { ms: 3000 },
    );
    expect(windowsOf(desktop)).toHaveLength(1);
    expect(supervisors()).toHaveLength(1);
  });
});

describe('what the page may do', () => {
  it('has no native command', async () => {
    const driven = await open('');
    await onPage(driven);
    for (const command of ['quit', 'open_logs', 'retry', 'plugin:opener|open_path', 'plugin:event|listen']) {
      const answer = await driven.evaluate(`window.__TAURI_INTERNALS__.invoke('${command}', {})`);
      expect(answer, command).toMatch(/^threw: /);
    }
    expect(await driven.text()).toContain('Page of the services');
  });

  it('stays where it is: other sites open in the browser, files and other ports nowhere', async () => {
    const driven = await open('');
    const page = await onPage(driven);
    for (const id of ['outside', 'file', 'blank']) {
      await driven.evaluate(`document.getElementById('${id}').click()`);
      await sleep(400);
    }
    expect(await driven.url()).toBe(page);
    expect(desktop.opened()).toEqual(['https://example.com/']);
  });

  it('saves a download into the folder for downloads, twice without overwriting', async () => {
    const driven = await open('');
    await onPage(driven);
    const folder = join(desktop.env.HOME, 'Downloads');
    for (const name of ['take.txt', 'take (1).txt']) {
      await driven.evaluate(`document.getElementById('save').click()`);
      await eventually(async () => existsSync(join(folder, name)), Boolean, { ms: 5000 });
      await eventually(
        async () => readFileSync(join(folder, name), 'utf8'),
        (text) => text === 'a take',
      );
    }
  });
});

describe('what the page asks of the system, through its API', () => {
  const request = (driven: DrivenWindow, wish: object) =>
    driven.evaluate(
      `fetch('/request?json=' + encodeURIComponent(${JSON.stringify(JSON.stringify(wish))})).then((answer) => answer.text())`,
    );
  const lastState = () => {
    const lines = log().match(/\{"cmd":"shell_state".*\}/g) ?? [];
    return shellOrderSchema.parse(JSON.parse(lines[lines.length - 1]));
  };

  it('tells the supervisor what there is: a tray, nothing switched on, no updates in this build', async () => {
    await onPage(await open(''));
    await eventually(async () => log().includes('shell_state'), Boolean, { ms: 5000 });
    expect(lastState()).toEqual({
      cmd: 'shell_state',
      state: { tray: true, autostart: false, closeToTray: false, update: { state: 'unavailable' } },
    });
  });

  it('opens a folder, and no path that is not absolute', async () => {
    const driven = await open('');
    await onPage(driven);
    await request(driven, { kind: 'open_path', path: 'relative' });
    await request(driven, { kind: 'open_path', path: desktop.folder });
    await eventually(
      async () => desktop.opened(),
      (paths) => paths.length > 0,
      { ms: 5000 },
    );
    expect(desktop.opened()).toEqual([desktop.folder]);
  });

  it('starts at login when told so, and no longer when told so', async () => {
    const driven = await open('');
    await onPage(driven);
    const entry = join(desktop.env.HOME, '.config/autostart/Pidentify.desktop');
    expect(existsSync(entry)).toBe(false);
    await request(driven, { kind: 'set_autostart', enabled: true });
    await eventually(
      async () => log(),
      (text) => text.includes('"autostart":true'),
      { ms: 5000 },
    );
    expect(readFileSync(entry, 'utf8')).toContain('--background');
    await request(driven, { kind: 'set_autostart', enabled: false });
    await eventually(
      async () => existsSync(entry),
      (there) => !there,
      { ms: 5000 },
    );
  });

  it('closes into the tray when told so, remembers it, and comes back by a second start', async () => {
    const driven = await open('');
    await onPage(driven);
    await request(driven, { kind: 'set_close_to_tray', enabled: true });
    await request(driven, { kind: 'tray', nowPlaying: 'Escape from Chaosland', listening: true });
    await request(driven, { kind: 'notify', title: 'Now playing', body: 'Escape from Chaosland' });
    await eventually(
      async () => log(),
      (text) => text.includes('"closeToTray":true'),
      { ms: 5000 },
    );
    pressKeys(desktop, 'alt+F4');
    await eventually(
      async () => visibleWindows(desktop),
      (count) => count === 0,
      { ms: 3000 },
    );
    await sleep(500);
    expect(supervisors()).toHaveLength(1);
    const kept = readFileSync(join(desktop.env.HOME, '.config/com.pidentify.app/window.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual({ closeToTray: true });
    const second = spawn(program, { env: { ...desktop.env, PIDENTIFY_DEV_ROOT: clone }, stdio: 'ignore' });
    await once(second, 'exit');
    await eventually(
      async () => visibleWindows(desktop),
      (count) => count === 1,
      { ms: 3000 },
    );
  });

  it('quits', async () => {
    const driven = await open('');
    await onPage(driven);
    await request(driven, { kind: 'quit' });
    await allGone(desktop, 5000);
  });
});

describe('end', () => {
  it.each([
    ['Ctrl+Q', 'ctrl+q'],
    ['Ctrl+W', 'ctrl+w'],
    ['the button of the window', 'alt+F4'],
  ])('%s stops the services in order and leaves nothing', async (_, keys) => {
    const driven = await open('');
    await onPage(driven);
    pressKeys(desktop, keys);
    await allGone(desktop, 3000);
    expect(log()).toContain('order: {"cmd":"shutdown"}');
    expect(log()).toContain('stopped: exit status: 0');
  });

  it('kill -9 of the window leaves nothing after 3 s', async () => {
    const driven = await open('');
    await onPage(driven);
    process.kill(windowsOf(desktop)[0].pid, 'SIGKILL');
    await allGone(desktop, 3000);
  });

  it('kill -9 of the supervisor: it is started again, and nothing is left of the old one', async () => {
    const driven = await open('');
    const first = await onPage(driven);
    const before = servicesOf(desktop).map(({ pid }) => pid);
    process.kill(supervisors()[0].pid, 'SIGKILL');
    await eventually(driven.url, (url) => url.startsWith('http') && url !== first, { ms: 15_000 });
    expect(servicesOf(desktop).filter(({ pid }) => before.includes(pid))).toEqual([]);
    expect(supervisors()).toHaveLength(1);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 5000);
  });

  it('a supervisor that comes back at the same port finds the page as it was left', async () => {
    const driven = await open(`port=${await freePort()}`);
    await onPage(driven);
    await driven.evaluate('(window.edited = true)');
    process.kill(supervisors()[0].pid, 'SIGKILL');
    await eventually(
      async () => log().split('the page is at port').length - 1,
      (ready) => ready === 2,
      { ms: 15_000 },
    );
    await sleep(300);
    expect(await driven.evaluate('window.edited')).toBe(true);
  });

  it('a supervisor that does not stop is ended after its time', async () => {
    const driven = await open('deaf');
    await onPage(driven);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 20_000);
  });
});

describe('failure', () => {
  it('shows what failed, the last lines, and tries again when told', async () => {
    const driven = await open('fail');
    await eventually(driven.text, (text) => text.includes('made by a newer Pidentify'), { ms: 10_000 });
    expect(await driven.evaluate(`document.getElementById('log').value`)).toContain('at migrate');
    expect(servicesOf(desktop)).toEqual([]);
    await driven.click('#retry');
    await eventually(
      async () => log().split('fake supervisor:').length,
      (starts) => starts === 3,
      { ms: 5000 },
    );
    await eventually(driven.text, (text) => text.includes('made by a newer Pidentify'), { ms: 10_000 });
    await driven.click('#open-logs');
    await eventually(
      async () => desktop.opened(),
      (paths) => paths.some((path) => path.endsWith('/logs')),
    );
    // Not at once: the answer to this script has to come before the end.
    await driven.evaluate(`(setTimeout(() => document.getElementById('quit').click(), 100), null)`);
    await allGone(desktop, 3000);
  });

  it('gives up after some deaths and says so, on the splash', async () => {
    const driven = await open('');
    for (let death = 1; death <= 5; death += 1) {
      await onPage(driven);
      const [{ pid }] = await eventually(
        async () => supervisors(),
        (found) => found.length === 1,
      );
      await eventually(
        async () => log().split('the page is at port').length - 1,
        (ready) => ready === death,
        { ms: 15_000 },
      );
      process.kill(pid, 'SIGKILL');
    }
    await eventually(driven.text, (text) => text.includes('ended by themselves'), { ms: 15_000 });
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    expect(servicesOf(desktop)).toEqual([]);
    await driven.click('#retry');
    await onPage(driven);
  });

  it('names the missing part of an installation', async () => {
    execFileSync('rm', [join(clone, 'supervisor/src/main.ts')]);
    const driven = await open('');
    await eventually(driven.text, (text) => text.includes('A part of Pidentify is missing'), { ms: 5000 });
  });
});

describe('the window', () => {
  it('remembers its size and place', async () => {
    const driven = await open('');
    await onPage(driven);
    const geometry = () => {
      const id = windowId(desktop);
      return { id, size: desktop.xdotool('getwindowgeometry', '--shell', id).match(/WIDTH=\d+|HEIGHT=\d+/g) };
    };
    expect(geometry().size).toEqual(['WIDTH=1100', 'HEIGHT=750']);
    desktop.xdotool('windowsize', '--sync', geometry().id, '900', '640');
    await sleep(300);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 5000);
    driven.stop();
    await onPage(await open(''));
    expect(geometry().size).toEqual(['WIDTH=900', 'HEIGHT=640']);
  });
});
