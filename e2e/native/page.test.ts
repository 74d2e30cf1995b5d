import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellOrderSchema } from '@pidentify/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, sleep } from '../program.ts';
import {
  allGone,
  answerFolderDialog,
  clickAt,
  closeByButton,
  folderDialogs,
  visibleWindows,
} from './desktop.ts';
import type { DrivenWindow } from './driver.ts';
import { onPage, useFakeRun } from './fake-run.ts';

const run = useFakeRun();

describe('what the page may do', () => {
  it('has no native command', async () => {
    const driven = await run.open('');
    await onPage(driven);
    for (const command of ['quit', 'open_logs', 'retry', 'plugin:opener|open_path', 'plugin:event|listen']) {
      const answer = await driven.evaluate(`window.__TAURI_INTERNALS__.invoke('${command}', {})`);
      expect(answer, command).toMatch(/^threw: /);
    }
    expect(await driven.text()).toContain('Page of the services');
  });

  const click = async (driven: DrivenWindow, id: string) => {
    const middle = `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(document.getElementById('${id}').getBoundingClientRect())`;
    clickAt(run.desktop, z.tuple([z.number(), z.number()]).parse(await driven.evaluate(middle)));
    await sleep(400);
  };

  it('stays where it is: other sites open in the browser, files and other ports nowhere', async () => {
    const driven = await run.open('');
    const page = await onPage(driven);
    for (const id of ['outside', 'file', 'blank']) await click(driven, id);
    expect(await driven.url()).toBe(page);
    expect(run.desktop.opened()).toEqual(['https://example.com/']);
  });

  it('opens no browser by a script, and by one click no more than one', async () => {
    const driven = await run.open('');
    const page = await onPage(driven);
    const tries = [
      `location.href = 'https://example.com/script'`,
      `window.open('https://example.com/window')`,
      `document.getElementById('outside').click()`,
      `document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.com/frame' }))`,
    ];
    for (const script of tries) {
      await driven.evaluate(`(${script}, null)`);
      await sleep(300);
    }
    expect(run.log()).toContain('nobody clicked to open https://example.com/frame');
    expect(run.desktop.opened()).toEqual([]);
    await driven.evaluate(`(document.getElementById('here').onclick = () => {
      for (const n of [1, 2, 3]) setTimeout(() => { location.href = 'https://example.com/' + n; }, n * 150);
    }, null)`);
    await click(driven, 'here');
    await sleep(500);
    expect(run.desktop.opened()).toEqual(['https://example.com/1']);
    expect(await driven.url()).toBe(page);
  });

  it('saves a download into the folder for downloads, twice without overwriting', async () => {
    const driven = await run.open('');
    await onPage(driven);
    const folder = join(run.desktop.env.HOME, 'Downloads');
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
    const lines = run.log().match(/\{"cmd":"shell_state".*\}/g) ?? [];
    return shellOrderSchema.parse(JSON.parse(lines[lines.length - 1]));
  };

  it('tells the supervisor what there is: a tray, nothing switched on, no updates in this build', async () => {
    await onPage(await run.open(''));
    // Whichever comes first, the page or the tray.
    await eventually(async () => run.log().includes('"tray":true'), Boolean, { ms: 5000 });
    expect(lastState()).toEqual({
      cmd: 'shell_state',
      state: { tray: true, autostart: false, closeToTray: false, update: { state: 'unavailable' } },
    });
  });

  it('opens a folder, and no path that is not absolute', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'open_path', path: 'relative' });
    await request(driven, { kind: 'open_path', path: run.desktop.folder });
    await eventually(
      async () => run.desktop.opened(),
      (paths) => paths.length > 0,
      { ms: 5000 },
    );
    expect(run.desktop.opened()).toEqual([run.desktop.folder]);
  });

  const chosen = () =>
    [...run.log().matchAll(/\{"cmd":"folder_chosen".*\}/g)].map(([line]) => JSON.parse(line));
  const uuid = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
  const choose = (driven: DrivenWindow, number: number) =>
    request(driven, { kind: 'choose_folder', id: uuid(number), from: run.desktop.folder });

  it('opens the dialog of the system for a folder, and tells what was chosen, or that nothing was', async () => {
    const records = join(run.desktop.folder, 'my records & tapes');
    mkdirSync(records);
    const driven = await run.open('');
    await onPage(driven);
    await choose(driven, 1);
    await answerFolderDialog(run.desktop, '', 'Escape');
    await choose(driven, 2);
    await answerFolderDialog(run.desktop, records, 'Return');
    await eventually(
      async () => chosen(),
      (orders) => orders.length === 2,
      { ms: 5000 },
    );
    expect(chosen().map((order) => shellOrderSchema.parse(order))).toEqual([
      { cmd: 'folder_chosen', id: uuid(1), path: null },
      { cmd: 'folder_chosen', id: uuid(2), path: records },
    ]);
  });

  it('has one such dialog at a time, beside which the page goes on', async () => {
    const driven = await run.open('');
    await onPage(driven);
    for (const number of [1, 2, 3]) await choose(driven, number);
    await sleep(1000);
    // A search that meets a window just going away tells of none.
    const open = await eventually(
      async () => folderDialogs(run.desktop),
      (ids) => ids.length > 0,
      { ms: 3000 },
    );
    expect(open).toHaveLength(1);
    expect(await driven.text()).toContain('Page of the services');
    await answerFolderDialog(run.desktop, '', 'Escape');
    await sleep(500);
    expect(chosen()).toEqual([{ cmd: 'folder_chosen', id: uuid(3), path: null }]);
  });

  it('quits while such a dialog is open', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await choose(driven, 1);
    await eventually(
      async () => folderDialogs(run.desktop),
      (ids) => ids.length === 1,
      { ms: 5000 },
    );
    await request(driven, { kind: 'quit' });
    await allGone(run.desktop, 3000);
  });

  it('starts at login when told so, with the options of this start, and no longer when told so', async () => {
    const odd = join(run.desktop.folder, 'my "music" 100% $HOME \\ `x`');
    mkdirSync(odd);
    const driven = await run.open('', ['--data', odd, '--input', 'Line In']);
    await onPage(driven);
    const entry = join(run.desktop.env.HOME, '.config/autostart/Pidentify.desktop');
    expect(existsSync(entry)).toBe(false);
    await request(driven, { kind: 'set_autostart', enabled: true });
    await eventually(
      async () => run.log(),
      (text) => text.includes('"autostart":true'),
      { ms: 5000 },
    );
    // As a desktop starts it, with a program that tells what it is given in place of ours.
    const told = join(run.desktop.folder, 'told.txt');
    const teller = join(odd, 'tell');
    writeFileSync(teller, `#!/bin/sh\nprintf '%s\\n' "$@" > '${told}'\n`, { mode: 0o755 });
    const text = readFileSync(entry, 'utf8');
    const [, quoted] = /^Exec=("(?:[^"\\]|\\\\.)*")/m.exec(text) ?? [];
    writeFileSync(`${entry}.try.desktop`, text.replace(quoted ?? 'none', `"${run.desktop.folder}/tell"`));
    symlinkSync(teller, join(run.desktop.folder, 'tell'));
    execFileSync('gio', ['launch', `${entry}.try.desktop`], { env: run.desktop.env });
    await eventually(
      async () => readFileSync(told, 'utf8'),
      (words) => words === `--background\n--data\n${odd}\n--input\nLine In\n`,
      { ms: 5000 },
    );
    await request(driven, { kind: 'set_autostart', enabled: false });
    await eventually(
      async () => existsSync(entry),
      (there) => !there,
      { ms: 5000 },
    );
  });

  it('closes into the tray when told so, remembers it, and comes back by a second start', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'set_close_to_tray', enabled: true });
    await request(driven, { kind: 'tray', nowPlaying: 'Escape from Chaosland', listening: true });
    await request(driven, { kind: 'notify', title: 'Now playing', body: 'Escape from Chaosland' });
    await eventually(
      async () => run.log(),
      (text) => text.includes('"closeToTray":true'),
      { ms: 5000 },
    );
    closeByButton(run.desktop);
    await eventually(
      async () => visibleWindows(run.desktop),
      (count) => count === 0,
      { ms: 3000 },
    );
    await sleep(500);
    expect(run.supervisors()).toHaveLength(1);
    const kept = readFileSync(join(run.desktop.env.HOME, '.config/com.pidentify.app/window.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual({ closeToTray: true });
    const second = spawn(run.program, {
      env: { ...run.desktop.env, PIDENTIFY_DEV_ROOT: run.clone },
      stdio: 'ignore',
    });
    await once(second, 'exit');
    await eventually(
      async () => visibleWindows(run.desktop),
      (count) => count === 1,
      { ms: 3000 },
    );
  });

  it('quits', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'quit' });
    await allGone(run.desktop, 5000);
  });
});
