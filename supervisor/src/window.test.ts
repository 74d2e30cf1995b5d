import { type Bus, connectBus, type RespServer, startRespServer } from '@pidentify/bus';
import type { NowPlaying, RecorderSnapshot, ShellRequest, ShellState } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkWindow, type WindowLink } from './window.ts';

const access = { username: 'pid', password: 'secret' };
const state: ShellState = {
  tray: true,
  autostart: false,
  closeToTray: false,
  update: { state: 'unavailable' },
};
const begunMs = Date.parse('2026-11-23T10:00:00Z');

let server: RespServer;
let ours: Bus;
/** The bus as the recorder and the server see it. */
let theirs: Bus;
let requests: ShellRequest[];
let wanted: boolean;
let link: WindowLink;

const open = () =>
  new Promise<Bus>((resolve) => {
    const bus = connectBus({ ...server, ...access, service: 'test', log: () => undefined });
    bus.onConnection((now) => now === 'connected' && resolve(bus));
  });

beforeEach(async () => {
  server = await startRespServer({ host: '127.0.0.1', port: 0, ...access });
  [ours, theirs] = [await open(), await open()];
  requests = [];
  wanted = true;
  link = linkWindow({
    bus: ours,
    request: (request) => requests.push(request),
    wantsNotifications: async () => wanted,
    log: () => undefined,
    now: () => begunMs,
  });
  // A subscription of ours that is there tells that those before it are.
  await ours.subscribe('recorder.level', () => undefined).active;
});
afterEach(async () => {
  link.close();
  ours.close();
  theirs.close();
  await server.close();
});

const playing = (changes: Partial<NowPlaying> = {}): NowPlaying => ({
  track: {
    source: 'local',
    track_id: '1',
    track_name: 'Song',
    artist_name: 'Band',
    album_name: 'Record',
  } as NowPlaying['track'],
  certainty: 'confirmed',
  started_at: '2026-11-23T10:05:00.000Z',
  recorded_at: '2026-11-23T10:05:04.000Z',
  offset: 4,
  speed: 1,
  entry_id: '0b0f4a1e-0c2a-4a52-8f43-2d8c4c8b9d01',
  ...changes,
});

const snapshot = (parts: Partial<RecorderSnapshot>): RecorderSnapshot => ({
  phase: 'resting',
  message: '',
  now_playing: null,
  scan_ends: null,
  next_scan: null,
  input: { state: 'listening', name: 'in', sampleRate: 44_100, channels: 2, level: 0.1 },
  index: { state: 'ready', tracks: 1, hours: 1, progress: 1 },
  providers: [],
  ...parts,
});
const say = (parts: Partial<RecorderSnapshot>) => theirs.publish('recorder.snapshot', snapshot(parts));
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });
const notices = () => requests.filter(({ kind }) => kind === 'notify');
const trays = () => requests.filter(({ kind }) => kind === 'tray');

describe('the link to the window', () => {
  it('refuses wishes until there is a window, then hands them on', async () => {
    const quit = () => theirs.ask('supervisor.window', { kind: 'quit' }, { timeoutMs: 3000 });
    await expect(quit()).rejects.toMatchObject({ code: 'no_window' });
    link.order({ cmd: 'shell_state', state });
    await quit();
    expect(requests).toEqual([{ kind: 'quit' }]);
  });

  it('tells everybody how the window stands, also those who come later', async () => {
    expect(await theirs.getValue('supervisor.window')).toBeNull();
    const heard: unknown[] = [];
    await theirs.subscribe('supervisor.window', (told) => void heard.push(told)).active;
    link.order({ cmd: 'shell_state', state: { ...state, autostart: true } });
    await eventually(() => heard).toEqual([{ ...state, autostart: true }]);
    await expect.poll(() => theirs.getValue('supervisor.window')).toEqual({ ...state, autostart: true });
  });

  it('shows in the tray what plays and whether it listens, once a change', async () => {
    link.order({ cmd: 'shell_state', state });
    await say({ now_playing: playing() });
    await say({ now_playing: playing({ offset: 9 }) });
    await say({ phase: 'paused' });
    await eventually(trays).toEqual([
      { kind: 'tray', nowPlaying: 'Band – Song', listening: true },
      { kind: 'tray', nowPlaying: null, listening: false },
    ]);
    // A window that has been made anew.
    link.order({ cmd: 'shell_state', state });
    await eventually(trays).toHaveLength(3);
  });

  it('notifies once for each new play that is sure', async () => {
    link.order({ cmd: 'shell_state', state });
    await say({ now_playing: playing({ certainty: 'tentative', entry_id: null }) });
    await say({ now_playing: playing() });
    await say({ now_playing: playing({ offset: 12 }) });
    await say({});
    const other = '0b0f4a1e-0c2a-4a52-8f43-2d8c4c8b9d02';
    await say({ now_playing: playing({ entry_id: other, started_at: '2026-11-23T10:09:00.000Z' }) });
    await eventually(notices).toEqual([
      { kind: 'notify', title: 'Song', body: 'Band · Record' },
      { kind: 'notify', title: 'Song', body: 'Band · Record' },
    ]);
  });

  it('does not notify of what played before it began, nor when nobody wishes it', async () => {
    link.order({ cmd: 'shell_state', state });
    await say({ now_playing: playing({ started_at: '2026-11-23T09:58:00.000Z' }) });
    wanted = false;
    await theirs.publish('settings.changed', { keys: ['notify_new_track'] });
    const later = '0b0f4a1e-0c2a-4a52-8f43-2d8c4c8b9d03';
    await say({ now_playing: playing({ entry_id: later }) });
    await say({ phase: 'paused' });
    await eventually(() => trays().at(-1)).toMatchObject({ listening: false });
    expect(notices()).toEqual([]);
  });

  it("carries out the tray's orders", async () => {
    const heard: string[] = [];
    await theirs.answer('recorder.scan-now', () => {
      heard.push('scan');
      return { done: true };
    }).active;
    await theirs.answer('recorder.listen', ({ listening }) => {
      heard.push(`listening ${listening}`);
      return { done: true };
    }).active;
    link.order({ cmd: 'scan_now' });
    await eventually(() => heard).toEqual(['scan']);
    link.order({ cmd: 'set_listening', listening: false });
    await eventually(() => heard).toEqual(['scan', 'listening false']);
  });

  const choose = () =>
    theirs.ask('supervisor.choose-folder', { from: '/home/anna/Music' }, { timeoutMs: 10_000 });
  const dialogs = () => requests.filter((request) => request.kind === 'choose_folder');

  it('opens the dialog for a folder, and hands back what was chosen in it', async () => {
    await expect(choose()).rejects.toMatchObject({ code: 'no_window' });
    link.order({ cmd: 'shell_state', state });
    for (const path of ['/mnt/records', null]) {
      const before = dialogs().length;
      const chosen = choose();
      await eventually(dialogs).toHaveLength(before + 1);
      const { id, from } = dialogs()[before];
      expect(from).toBe('/home/anna/Music');
      link.order({ cmd: 'folder_chosen', id, path });
      expect(await chosen).toEqual({ path });
    }
  });

  it('has one such dialog at a time: the next one takes its place', async () => {
    link.order({ cmd: 'shell_state', state });
    const first = choose();
    await eventually(dialogs).toHaveLength(1);
    const second = choose();
    expect(await first).toEqual({ path: null });
    await eventually(dialogs).toHaveLength(2);
    // What the first one still says is not for the second.
    link.order({ cmd: 'folder_chosen', id: dialogs()[0].id, path: '/first' });
    link.order({ cmd: 'folder_chosen', id: dialogs()[1].id, path: '/second' });
    expect(await second).toEqual({ path: '/second' });
  });
});
