import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRollingBuffer } from '@pidentify/audio';
import { healthSchema, settingsSchema, statusSchema } from '@pidentify/contracts';
import { type PulseRig, startPulseRig } from '@pidentify/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chaosland, makeLibrary, metalMadness } from '../library.ts';
import { eventually, removeFolder, run, sleep, temporaryFolder } from '../program.ts';
import {
  allGone,
  answerFolderDialog,
  closeByButton,
  type Desktop,
  pressKeys,
  programsOf,
  servicesOf,
  startDesktop,
  windowsOf,
} from './desktop.ts';
import { type DrivenWindow, openWindow } from './driver.ts';
import { installedProgram } from './installed.ts';
import { chooseInTray, notifications, trayItems } from './tray.ts';

/** The real window and services as the package installs them, a real sound server, real music. */
let rig: PulseRig;
let desktop: Desktop;
let program: string;
let window: DrivenWindow;
const folder = temporaryFolder('whole');
const data = join(folder, 'data');
const music = join(folder, 'music');

beforeAll(async () => {
  program = installedProgram();
  makeLibrary(music, [chaosland()]);
  mkdirSync(data);
  rig = await startPulseRig({ sinks: [{ name: 'deck' }] });
  desktop = await startDesktop(folder);
}, 1_800_000);
afterAll(async () => {
  window?.stop();
  for (const { pid } of programsOf(desktop)) process.kill(pid, 'SIGKILL');
  await desktop.stop();
  await rig.stop();
  removeFolder(folder);
});

async function openPage(): Promise<void> {
  window?.stop();
  const args = ['--data', data, '--music', music, '--input', 'deck.monitor', '--port', '0'];
  window = await openWindow({ desktop, program, args, env: rig.env });
  await eventually(window.url, (url) => url.startsWith('http://127.0.0.1:'), { ms: 60_000, everyMs: 100 });
  await eventually(health, ({ input }) => input.state === 'listening', { ms: 60_000 });
}

const ask = async (path: string) => (await fetch(new URL(path, await window.url()))).json();
const health = async () => healthSchema.parse(await ask('/api/health'));
const status = async () => statusSchema.parse(await ask('/api/status'));
const commands = () => servicesOf(desktop).map(({ command }) => command);

/** Presses the link, button or switch with this name, once it is there. */
async function press(name: string): Promise<void> {
  const named = `[...document.querySelectorAll('a, button, label')].find((one) => one.innerText.trim().split('\\n')[0] === ${JSON.stringify(name)})`;
  await eventually(
    () => window.evaluate(`${named} !== undefined`),
    (there) => there === true,
    { ms: 10_000 },
  );
  await window.evaluate(`${named}.click()`);
}
/** Names of the services in the order in which they have stopped last. */
const stopped = () =>
  [
    ...readFileSync(join(data, 'logs/supervisor.log'), 'utf8').matchAll(
      /\b(recorder|server|valkey) stopped\b/g,
    ),
  ]
    .map((found) => found[1])
    .slice(-3);

describe('the whole program in its window', () => {
  it('takes from the settings what the system is to do: login, tray, notifications', async () => {
    await openPage();
    await press('Settings');
    await press('Start with the computer');
    const entry = join(desktop.env.HOME, '.config/autostart/Pidentify.desktop');
    await eventually(async () => existsSync(entry), Boolean, { ms: 5000 });
    await press('Keep running when the window is closed');
    await eventually(health, (now) => now.window?.closeToTray === true && now.window.autostart, { ms: 5000 });
    await press('Keep running when the window is closed');
    await eventually(health, (now) => now.window?.closeToTray === false, { ms: 5000 });
    await press('Notify of each new track');
    await press('Open music folder');
    await eventually(
      async () => desktop.opened(),
      (paths) => paths.includes(music),
      { ms: 5000 },
    );
  });

  it('takes a music folder from the dialog of the system, and none when it is cancelled', async () => {
    const records = join(folder, 'my records');
    mkdirSync(records);
    await press('Settings');
    const folders = async () => settingsSchema.parse(await ask('/api/settings')).music_folders;
    await press('Choose a folder…');
    await answerFolderDialog(desktop, '', 'Escape');
    expect(await folders()).toEqual([]);
    await press('Choose a folder…');
    await answerFolderDialog(desktop, records, 'Return');
    await eventually(folders, (now) => now.length === 1, { ms: 5000 });
    expect(await folders()).toEqual([records]);
    await eventually(window.text, (text) => text.includes(records), { ms: 5000 });
  });

  it('shows our page, and on it the track that plays', async () => {
    await press('Now playing');
    await eventually(health, ({ index }) => index.state === 'ready', { ms: 60_000 });
    const playing = rig.playFile('deck', chaosland().source);
    await eventually(status, ({ track }) => track != null, { ms: 20_000 });
    await eventually(window.text, (text) => text.includes('Escape from Chaosland'), { ms: 5000 });
    await eventually(
      async () => trayItems(desktop)[0].label,
      (label) => label.includes('Escape from Chaosland'),
      { ms: 5000 },
    );
    await eventually(
      async () => notifications(desktop),
      (shown) => shown.some(({ title }) => title === 'Escape from Chaosland'),
      { ms: 20_000 },
    );
    chooseInTray(desktop, 'Pause listening');
    await eventually(status, ({ phase }) => phase === 'paused', { ms: 5000 });
    chooseInTray(desktop, 'Pause listening');
    await eventually(status, ({ phase }) => phase !== 'paused', { ms: 5000 });
    playing.stop();
    for (const part of [
      'supervisor/src/main.js',
      'server/src/main.js',
      'recorder/src/main.js',
      'bin/valkey-server',
    ])
      expect(commands().some((command) => command.includes(part))).toBe(true);
  });

  it('reads sound files of every format with the libraries that are shipped', async () => {
    const formats = { mp3: 'libmp3lame', ogg: 'libvorbis', opus: 'libopus', wav: 'pcm_s16le' };
    mkdirSync(join(music, 'formats'));
    for (const [ending, codec] of Object.entries(formats)) {
      const path = join(music, 'formats', `song.${ending}`);
      run('ffmpeg', ['-v', 'error', '-t', '30', '-i', metalMadness().source, '-c:a', codec, path]);
    }
    const { index } = await eventually(
      health,
      (now) => now.index.tracks + (now.index.problems ?? []).length === 5,
      {
        ms: 60_000,
      },
    );
    expect(index).toMatchObject({ tracks: 5, problems: [] });
  });

  it('closing it stops recorder, API and Valkey, in that order and within 3 s', async () => {
    closeByButton(desktop);
    await allGone(desktop, 3000);
    expect(stopped()).toEqual(['recorder', 'server', 'valkey']);
  });

  it('stops in that order and within 3 s when the supervisor hangs, too', async () => {
    await openPage();
    const supervisor = servicesOf(desktop).find(({ command }) => command.includes('supervisor/src/main.js'));
    process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
    const logged = readFileSync(join(data, 'logs/supervisor.log'), 'utf8').length;
    closeByButton(desktop);
    await allGone(desktop, 3000);
    expect(readFileSync(join(data, 'logs/supervisor.log'), 'utf8').slice(logged)).toContain('valkey stopped');
    expect(stopped()).toEqual(['recorder', 'server', 'valkey']);
  });

  it('kill -9 of the window leaves nothing after 3 s, and loses at most the last 2 s of sound', async () => {
    await openPage();
    const playing = rig.playFile('deck', chaosland().source);
    await sleep(6000);
    const killedMs = Date.now();
    process.kill(windowsOf(desktop)[0].pid, 'SIGKILL');
    await allGone(desktop, 3000);
    playing.stop();
    expect(stopped()).toEqual(['recorder', 'server', 'valkey']);
    const buffer = await openRollingBuffer({ directory: join(data, 'buffer'), seconds: 3600 });
    expect(buffer.recovered.unreadable).toBe(0);
    expect(killedMs - (buffer.span()?.toMs ?? 0)).toBeLessThan(2000);
    await buffer.close();
  });

  it('stops in that order after kill -9 of the window, though the supervisor is stopped by a signal', async () => {
    await openPage();
    const supervisor = servicesOf(desktop).find(({ command }) => command.includes('supervisor/src/main.js'));
    process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
    process.kill(windowsOf(desktop)[0].pid, 'SIGKILL');
    await allGone(desktop, 3000);
    expect(stopped()).toEqual(['recorder', 'server', 'valkey']);
  });

  it('kill -9 of the supervisor: everything runs again, and nothing is left after closing', async () => {
    await openPage();
    const before = servicesOf(desktop);
    const supervisor = before.find(({ command }) => command.includes('supervisor/src/main.js'));
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    const firstPage = await window.url();
    await eventually(window.url, (url) => url !== firstPage, { ms: 30_000 });
    await eventually(health, ({ input }) => input.state === 'listening', { ms: 30_000 });
    const old = before.map(({ pid }) => pid);
    expect(servicesOf(desktop).filter(({ pid }) => old.includes(pid))).toEqual([]);
    pressKeys(desktop, 'ctrl+q');
    await allGone(desktop, 3000);
  });
});
