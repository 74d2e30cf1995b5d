import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PidentifyError, type ShellRequest, type ShellState } from '@pidentify/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/rig.ts';

const state: ShellState = {
  tray: true,
  autostart: false,
  closeToTray: false,
  update: { state: 'unavailable' },
};

/** A server whose supervisor is this test. */
let rig: Rig;
let asked: ShellRequest[];
let hasWindow: boolean;
beforeAll(async () => {
  rig = await startRig({ environment: { PIDENTIFY_HOSTS: 'music.example' } });
  await rig.bus.answer('supervisor.window', (request) => {
    if (!hasWindow) throw new PidentifyError('no_window');
    asked.push(request);
    return { done: true };
  }).active;
});
afterAll(() => rig.close());
beforeEach(() => {
  asked = [];
  hasWindow = true;
});

const wish = (body: unknown) => rig.call('POST', '/api/window', body);

describe('what a person wants of the window', () => {
  it.each([
    [
      { wish: 'set_autostart', enabled: true },
      { kind: 'set_autostart', enabled: true },
    ],
    [
      { wish: 'set_close_to_tray', enabled: false },
      { kind: 'set_close_to_tray', enabled: false },
    ],
    [{ wish: 'check_update' }, { kind: 'check_update' }],
    [{ wish: 'install_update' }, { kind: 'install_update' }],
    [{ wish: 'quit' }, { kind: 'quit' }],
  ])('%j is handed on', async (body, request) => {
    expect((await wish(body)).status).toBe(200);
    expect(asked).toEqual([request]);
  });

  it('opens folders by their names', async () => {
    for (const folder of ['music', 'data', 'logs']) await wish({ wish: 'open', folder });
    expect(asked.map((request) => 'path' in request && request.path)).toEqual([
      rig.music,
      rig.data,
      join(rig.data, 'logs'),
    ]);
  });

  it('shows a saved file, and nothing outside the music library', async () => {
    mkdirSync(join(rig.music, 'Artist'));
    writeFileSync(join(rig.music, 'Artist', '01 - Song.flac'), '');
    symlinkSync('/etc', join(rig.music, 'elsewhere'));
    expect((await wish({ wish: 'show_saved', path: 'Artist/01 - Song.flac' })).status).toBe(200);
    expect(asked).toEqual([{ kind: 'open_path', path: join(rig.music, 'Artist', '01 - Song.flac') }]);
    for (const path of ['../data/database.db', 'elsewhere/passwd', '/etc/passwd', 'Artist/none.flac', '.']) {
      const { status, json } = await wish({ wish: 'show_saved', path });
      expect([path, status, json.status]).toEqual([path, 404, 'not_found']);
    }
    expect(asked).toHaveLength(1);
  });

  it('is refused where there is no window, and when it is nonsense', async () => {
    for (const body of [{ wish: 'open', folder: '/etc' }, { wish: 'open', path: '/' }, { wish: 'run' }, {}]) {
      expect((await wish(body)).json.status).toBe('bad_request');
    }
    hasWindow = false;
    const { status, json } = await wish({ wish: 'quit' });
    expect([status, json.status]).toEqual([409, 'no_window']);
    expect(asked).toEqual([]);
  });

  it('learns from the health whether there is one, and how it stands', async () => {
    const window = async () => (await rig.call('GET', '/api/health')).json.window;
    expect(await window()).toBeNull();
    await rig.bus.publish('supervisor.window', state);
    await expect.poll(window).toEqual(state);
    await rig.bus.publish('supervisor.window', null);
    await expect.poll(window).toBeNull();
  });
});

describe('the dialog for a folder', () => {
  it('opens beside the music library, and answers with what was chosen, or that nothing was', async () => {
    const asked: string[] = [];
    const chosen = ['/mnt/records', null];
    const answers = rig.bus.answer('supervisor.choose-folder', ({ from }) => {
      asked.push(from);
      return { path: chosen[asked.length - 1] };
    });
    await answers.active;
    for (const path of chosen) {
      const { status, json } = await rig.call('POST', '/api/window/folder');
      expect([status, json.data]).toEqual([200, { path }]);
    }
    expect(asked).toEqual([dirname(rig.music), dirname(rig.music)]);
    answers.close();
  });

  it('waits for as long as it is open, and is given up when the server stops', async () => {
    const other = await startRig();
    const opened = Promise.withResolvers<void>();
    await other.bus.answer('supervisor.choose-folder', () => {
      opened.resolve();
      return new Promise(() => undefined);
    }).active;
    const answer = other.call('POST', '/api/window/folder').catch(() => 'cut off');
    await opened.promise;
    const begunMs = performance.now();
    await other.close();
    await answer;
    expect(performance.now() - begunMs).toBeLessThan(2_000);
  });
});

describe('who is not at this computer', () => {
  const own = () => `127.0.0.1:${rig.server.port}`;
  const wish = (url: string, { from = '127.0.0.1', headers = {} }: { from?: string; headers?: object }) =>
    rig.server.app.inject({
      method: 'POST',
      url,
      remoteAddress: from,
      headers: { host: own(), ...headers },
      ...(url === '/api/window' && { payload: { wish: 'check_update' } }),
    });

  it.each(['/api/window', '/api/window/folder'])('has no say at %s', async (url) => {
    const strangers = [
      { from: '192.168.1.7' },
      { from: 'fe80::1' },
      { headers: { host: 'music.example' } },
      { headers: { 'x-forwarded-for': '192.168.1.7' } },
      { headers: { forwarded: 'for=192.168.1.7' } },
    ];
    for (const stranger of strangers) {
      const answer = await wish(url, stranger);
      expect([stranger, answer.statusCode, answer.json().status]).toEqual([
        stranger,
        403,
        'not_this_computer',
      ]);
    }
    expect(asked).toEqual([]);
  });

  it('is not who asks over loopback, by whichever of its names', async () => {
    for (const person of [{}, { from: '::1' }, { from: '::ffff:127.0.0.1' }]) {
      expect((await wish('/api/window', person)).statusCode).toBe(200);
    }
    const named = { headers: { host: `localhost:${rig.server.port}` } };
    expect((await wish('/api/window', named)).statusCode).toBe(200);
    expect(asked).toHaveLength(4);
  });
});

describe('pausing', () => {
  it('is handed to the recorder', async () => {
    const heard: boolean[] = [];
    await rig.bus.answer('recorder.listen', ({ listening }) => {
      heard.push(listening);
      return { done: true };
    }).active;
    for (const listening of [false, true]) await rig.call('POST', '/api/listening', { listening });
    expect(heard).toEqual([false, true]);
    expect((await rig.call('POST', '/api/listening', {})).json.status).toBe('bad_request');
  });
});
