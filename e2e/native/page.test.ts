import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellOrderSchema } from '@pidentify/contracts';
import { describe, expect, it } from 'vitest';
import { eventually, sleep } from '../program.ts';
import { allGone, pressKeys, visibleWindows } from './desktop.ts';
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

  it('stays where it is: other sites open in the browser, files and other ports nowhere', async () => {
    const driven = await run.open('');
    const page = await onPage(driven);
    for (const id of ['outside', 'file', 'blank']) {
      await driven.evaluate(`document.getElementById('${id}').click()`);
      await sleep(400);
    }
    expect(await driven.url()).toBe(page);
    expect(run.desktop.opened()).toEqual(['https://example.com/']);
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
    await eventually(async () => run.log().includes('shell_state'), Boolean, { ms: 5000 });
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

  it('starts at login when told so, and no longer when told so', async () => {
    const driven = await run.open('');
    await onPage(driven);
    const entry = join(run.desktop.env.HOME, '.config/autostart/Pidentify.desktop');
    expect(existsSync(entry)).toBe(false);
    await request(driven, { kind: 'set_autostart', enabled: true });
    await eventually(
      async () => run.log(),
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
    pressKeys(run.desktop, 'alt+F4');
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
