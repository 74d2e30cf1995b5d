import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, sleep } from '../program.ts';
import {
  allGone,
  closeByButton,
  pressKeys,
  servicesOf,
  visibleWindows,
  windowId,
  windowsOf,
} from './desktop.ts';
import { freePort } from './driver.ts';
import { onPage, useFakeRun } from './fake-run.ts';
import { notifications } from './tray.ts';

const run = useFakeRun();

describe('start', () => {
  it('shows the splash with the phase, then the page, which replaces it', async () => {
    const driven = await run.open('slow=4000');
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    await eventually(driven.text, (text) => text.includes('Starting services'), { ms: 5000 });
    await onPage(driven);
    await eventually(driven.text, (text) => text.includes('Page of the services'), { ms: 5000 });
    expect(await driven.evaluate('history.length')).toBe(1);
    expect(windowId(run.desktop)).not.toBe('');
  });

  it('passes data, music, input and port on to the supervisor', async () => {
    await run.open('', ['--data', '/d', '--music=/m', '--input', 'file:/s', '--port', '0', '--unknown']);
    await eventually(
      async () => run.log(),
      (text) => text.includes('fake supervisor:'),
      { ms: 5000 },
    );
    expect(run.log()).toContain(
      'fake supervisor: --headless --events json --watch-stdin --data /d --music /m --input file:/s --port 0\n',
    );
    expect(run.log()).toContain('not understood and left out: --unknown\n');
  });

  it('answers a terminal that asks for help or its version, without a window', () => {
    const env = { ...run.desktop.env, DISPLAY: ':none' };
    const ask = (option: string) => execFileSync(run.program, [option], { env, encoding: 'utf8' });
    expect(ask('--help')).toContain('--data DIR');
    expect(ask('--version')).toBe('0.1.0\n');
  });

  it('does without a session bus and without the library of the tray', async () => {
    const libraries = join(run.desktop.folder, 'libraries');
    mkdirSync(libraries);
    for (const name of ['libayatana-appindicator3', 'libappindicator3'])
      for (const end of ['so', 'so.1']) writeFileSync(join(libraries, `${name}.${end}`), '');
    const driven = await run.open('', [], {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      LD_LIBRARY_PATH: libraries,
    });
    await onPage(driven);
    await eventually(
      async () => run.log(),
      (text) => text.includes('"tray":false'),
      { ms: 5000 },
    );
    expect(run.log()).toContain('no tray: its library is not installed');
  });

  it('does not believe a program that does not know the token', async () => {
    const driven = await run.open('wrong-token');
    await eventually(driven.text, (text) => text.includes('another program answers'), { ms: 15_000 });
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    expect(servicesOf(run.desktop)).toEqual([]);
  });

  it('a second start ends and brings the first window forward', async () => {
    const driven = await run.open('');
    await onPage(driven);
    const id = windowId(run.desktop);
    run.desktop.xdotool('windowminimize', '--sync', id);
    const env = { ...run.desktop.env, PIDENTIFY_DEV_ROOT: run.clone };
    const second = spawn(run.program, { env, stdio: 'ignore' });
    expect((await once(second, 'exit'))[0]).toBe(0);
    await eventually(
      async () => windowId(run.desktop),
      (found) => found === id,
      { ms: 3000 },
    );
    expect(windowsOf(run.desktop)).toHaveLength(1);
    expect(run.supervisors()).toHaveLength(1);
  });

  it('a second start with other options is told that they are not used', async () => {
    const here = run.desktop.folder;
    await onPage(await run.open('', ['--data', join(here, 'data'), '--port', '0']));
    const startAgain = async (...args: string[]) => {
      const env = { ...run.desktop.env, PIDENTIFY_DEV_ROOT: run.clone };
      const second = spawn(run.program, args, { env, cwd: here, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      second.stderr.on('data', (chunk: Buffer) => {
        said += chunk;
      });
      expect((await once(second, 'close'))[0]).toBe(0);
      expect(said).toBe(
        'Pidentify is already running: this start was handed over to it. Its options are those of the first start.\n',
      );
    };
    await startAgain();
    await startAgain('--data', 'data/');
    await startAgain('--port', '0', '--data', 'other');
    await eventually(
      async () => notifications(run.desktop),
      (found) => found.length > 0,
      { ms: 5000 },
    );
    const text = `It goes on without --data ${join(here, 'other')}. Quit it first to start it with these options.`;
    expect(notifications(run.desktop)).toEqual([{ title: 'Pidentify is already running', text }]);
    expect(run.log()).toContain(`started again: ${text}`);
  });
});

describe('end', () => {
  it.each([
    ['Ctrl+Q', () => pressKeys(run.desktop, 'ctrl+q')],
    ['Ctrl+W', () => pressKeys(run.desktop, 'ctrl+w')],
    ['the button of the window', () => closeByButton(run.desktop)],
  ])('%s stops the services in order and leaves nothing', async (_, close) => {
    const driven = await run.open('');
    await onPage(driven);
    close();
    await allGone(run.desktop, 3000);
    expect(run.log()).toContain('order: {"cmd":"shutdown"}');
    expect(run.log()).toContain('stopped: exit status: 0');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s, as at the end of a session, stops in order',
    async (signal) => {
      await onPage(await run.open(''));
      process.kill(windowsOf(run.desktop)[0].pid, signal);
      await allGone(run.desktop, 3000);
      expect(run.log()).toContain('order: {"cmd":"shutdown"}');
      expect(run.log()).toContain('stopped: exit status: 0');
    },
  );

  it('a screen that is gone leaves nothing after 3 s', async () => {
    await onPage(await run.open(''));
    run.desktop.breakScreen();
    await allGone(run.desktop, 3000);
  });

  it('kill -9 of the window leaves nothing after 3 s', async () => {
    const driven = await run.open('');
    await onPage(driven);
    process.kill(windowsOf(run.desktop)[0].pid, 'SIGKILL');
    await allGone(run.desktop, 3000);
  });

  it.each(['is stopped by a signal', 'spins for ever'])(
    'kill -9 of the window leaves nothing after 3 s when the supervisor %s',
    async (how) => {
      const driven = await run.open('');
      await onPage(driven);
      const [{ pid }] = run.supervisors();
      if (how === 'spins for ever') await driven.evaluate(`(fetch('/hang'), null)`);
      else process.kill(pid, 'SIGSTOP');
      await sleep(300);
      process.kill(windowsOf(run.desktop)[0].pid, 'SIGKILL');
      await allGone(run.desktop, 3000);
    },
  );

  it('kill -9 of the supervisor: it is started again, and nothing is left of the old one', async () => {
    const driven = await run.open('');
    const first = await onPage(driven);
    const before = servicesOf(run.desktop).map(({ pid }) => pid);
    process.kill(run.supervisors()[0].pid, 'SIGKILL');
    await eventually(driven.url, (url) => url.startsWith('http') && url !== first, { ms: 15_000 });
    expect(servicesOf(run.desktop).filter(({ pid }) => before.includes(pid))).toEqual([]);
    expect(run.supervisors()).toHaveLength(1);
    pressKeys(run.desktop, 'ctrl+q');
    await allGone(run.desktop, 5000);
  });

  it('a supervisor that comes back at the same port finds the page as it was left', async () => {
    const driven = await run.open(`port=${await freePort()}`);
    await onPage(driven);
    await driven.evaluate('(window.edited = true)');
    process.kill(run.supervisors()[0].pid, 'SIGKILL');
    await eventually(
      async () => run.log().split('the page is at port').length - 1,
      (ready) => ready === 2,
      { ms: 15_000 },
    );
    await sleep(300);
    expect(await driven.evaluate('window.edited')).toBe(true);
  });

  it('a supervisor that does not stop is ended after its time', async () => {
    const driven = await run.open('deaf');
    await onPage(driven);
    pressKeys(run.desktop, 'ctrl+q');
    await allGone(run.desktop, 3000);
  });

  it('a start while it ends opens a window after it, with the options of that start', async () => {
    const driven = await run.open('slow-stop=1500');
    await onPage(driven);
    const [first] = windowsOf(run.desktop);
    pressKeys(run.desktop, 'ctrl+q');
    await eventually(
      async () => run.log(),
      (text) => text.includes('order: {"cmd":"shutdown"}'),
      { ms: 3000, everyMs: 20 },
    );
    const env = { ...run.desktop.env, PIDENTIFY_DEV_ROOT: run.clone };
    const second = spawn(run.program, ['--data', '/again'], { env, stdio: 'ignore' });
    expect((await once(second, 'exit'))[0]).toBe(0);
    await eventually(
      async () => windowsOf(run.desktop),
      ([window, ...others]) => others.length === 0 && window !== undefined && window.pid !== first.pid,
      { ms: 5000 },
    );
    await eventually(
      async () => visibleWindows(run.desktop),
      (count) => count === 1,
      { ms: 5000 },
    );
    expect(run.supervisors()).toHaveLength(1);
    expect(run.log()).toContain('--watch-stdin --data /again\n');
  });
});

describe('failure', () => {
  it('shows what failed, the last lines, and tries again when told', async () => {
    const driven = await run.open('fail');
    await eventually(driven.text, (text) => text.includes('made by a newer Pidentify'), { ms: 10_000 });
    expect(await driven.evaluate(`document.getElementById('log').value`)).toContain('at migrate');
    expect(servicesOf(run.desktop)).toEqual([]);
    await driven.click('#retry');
    await eventually(
      async () => run.log().split('fake supervisor:').length,
      (starts) => starts === 3,
      { ms: 5000 },
    );
    await eventually(driven.text, (text) => text.includes('made by a newer Pidentify'), { ms: 10_000 });
    await driven.click('#open-logs');
    await eventually(
      async () => run.desktop.opened(),
      (paths) => paths.some((path) => path.endsWith('/logs')),
    );
    // Not at once: the answer to this script has to come before the end.
    await driven.evaluate(`(setTimeout(() => document.getElementById('quit').click(), 100), null)`);
    await allGone(run.desktop, 3000);
  });

  it('gives up after some deaths and says so, on the splash', async () => {
    const driven = await run.open('');
    for (let death = 1; death <= 5; death += 1) {
      await onPage(driven);
      const [{ pid }] = await eventually(
        async () => run.supervisors(),
        (found) => found.length === 1,
      );
      await eventually(
        async () => run.log().split('the page is at port').length - 1,
        (ready) => ready === death,
        { ms: 15_000 },
      );
      process.kill(pid, 'SIGKILL');
    }
    await eventually(driven.text, (text) => text.includes('ended by themselves'), { ms: 15_000 });
    expect(await driven.url()).toMatch(/^tauri:\/\/localhost\/?$/);
    expect(servicesOf(run.desktop)).toEqual([]);
    await driven.click('#retry');
    await onPage(driven);
  });

  it.each([
    ['light', 'Adwaita', 'rgb(250, 249, 247)'],
    ['dark', 'Adwaita:dark', 'rgb(23, 20, 17)'],
  ])('is shown in the %s colours of the system, as the page is', async (_, theme, ground) => {
    const driven = await run.open('fail', [], { GTK_THEME: theme });
    const shown = 'getComputedStyle(document.documentElement).backgroundColor';
    expect(await driven.evaluate(shown)).toBe(ground);
  });

  it('has its buttons in sight in the smallest window, below all it says', async () => {
    const driven = await run.open('fail');
    await eventually(driven.text, (text) => text.includes('made by a newer Pidentify'), { ms: 10_000 });
    run.desktop.xdotool('windowsize', '--sync', windowId(run.desktop), '480', '480');
    const bottom = `document.getElementById('code').getBoundingClientRect().bottom`;
    const log = `document.getElementById('log')`;
    // All at once: the page fits its text to the new width a moment after it has it.
    const fits = `innerHeight === 480 && ${bottom} <= innerHeight && ${log}.scrollHeight <= ${log}.clientHeight`;
    await eventually(() => driven.evaluate(fits), Boolean, { ms: 5000 });
  });

  it('names the missing part of an installation', async () => {
    execFileSync('rm', [join(run.clone, 'supervisor/src/main.ts')]);
    const driven = await run.open('');
    await eventually(driven.text, (text) => text.includes('A part of Pidentify is missing'), { ms: 5000 });
  });
});

describe('the window', () => {
  const geometry = () => {
    const text = run.desktop.xdotool('getwindowgeometry', '--shell', windowId(run.desktop));
    const value = (name: string) => Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(text)?.[1]);
    return { size: [value('WIDTH'), value('HEIGHT')], place: [value('X'), value('Y')] };
  };
  const moveTo = async ([width, height]: number[], [x, y]: number[]) => {
    run.desktop.xdotool('windowsize', '--sync', windowId(run.desktop), String(width), String(height));
    run.desktop.xdotool('windowmove', '--sync', windowId(run.desktop), String(x), String(y));
    await sleep(300);
    const moved = geometry();
    expect(moved.size).toEqual([width, height]);
    pressKeys(run.desktop, 'ctrl+q');
    await allGone(run.desktop, 5000);
    return moved;
  };

  it('remembers its size and place', async () => {
    const driven = await run.open('');
    await onPage(driven);
    expect(geometry().size).toEqual([1100, 750]);
    const moved = await moveTo([900, 640], [240, 110]);
    driven.stop();
    await onPage(await run.open(''));
    await eventually(
      async () => geometry(),
      (found) => JSON.stringify(found) === JSON.stringify(moved),
      { ms: 3000 },
    );
  });

  it.each([
    ['beside', [1000, 500]],
    ['partly beside', [700, 500]],
  ])('is seen on a smaller screen, where its place is %s it', async (_, place) => {
    await onPage(await run.open(''));
    await moveTo([600, 500], place);
    await run.changeScreen('800x600');
    await onPage(await run.open(''));
    await sleep(1000);
    const { size, place: found } = geometry();
    // Whoever places it may count its title bar or not.
    const bar = 30;
    for (const axis of [0, 1]) {
      expect(found[axis]).toBeGreaterThanOrEqual(0);
      expect(found[axis] + size[axis]).toBeLessThanOrEqual([800, 600][axis] + bar);
    }
  });
});
