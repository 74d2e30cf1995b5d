import { once } from 'node:events';
import { connect } from 'node:net';
import { connectBus, startRespServer } from '@pidentify/bus';
import {
  healthSchema,
  type LiveMessage,
  liveMessageSchema,
  type NowPlaying,
  type ServiceHealth,
  type Status,
  statusSchema,
} from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { access, connected, playOf, type Rig, snapshotOf, startRig, until } from '../testing/rig.ts';
import { Live } from './live.ts';

const play = playOf();
const playing: NowPlaying = {
  track: play.track,
  certainty: 'confirmed',
  started_at: play.started_at,
  recorded_at: '2026-11-22T10:00:10.000Z',
  offset: 10,
  speed: 1.018,
  entry_id: play.entry_id,
};
const next_scan = '2026-11-22T10:00:40.000Z';
const resting = snapshotOf({ phase: 'resting', message: 'Knows.', now_playing: playing, next_scan });
const recorder: ServiceHealth = {
  name: 'recorder',
  state: 'running',
  pid: 7,
  restarts: 0,
  since: play.started_at,
};

let rig: Rig;
let sockets: WebSocket[];
beforeEach(async () => {
  sockets = [];
  rig = await startRig();
});
afterEach(async () => {
  for (const socket of sockets) socket.close();
  await rig.close();
});

const status = async (): Promise<Status> => (await rig.call('GET', '/api/status')).json;
const health = async () => healthSchema.parse((await rig.call('GET', '/api/health')).json);
const show = async (snapshot = resting) => {
  await rig.bus.publish('recorder.snapshot', snapshot);
  await until(async () => (await status()).message === snapshot.message);
};

async function listen<T>(path: string): Promise<T[]> {
  const socket = new WebSocket(`ws://127.0.0.1:${rig.server.port}${path}`);
  sockets.push(socket);
  const heard: T[] = [];
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data))));
  await once(socket, 'open');
  await until(() => heard.length > 0);
  return heard;
}

describe('the status', () => {
  it('says that it starts while nothing was heard of the recorder', async () => {
    expect(await status()).toEqual({
      success: false,
      message: 'Starting.',
      can_skip: false,
      phase: 'starting',
    });
  });

  it('shows what plays, with the track of the database once it is known', async () => {
    await show();
    expect(statusSchema.parse(await status())).toMatchObject({
      success: true,
      can_skip: true,
      next_scan,
      started_at: play.started_at,
      recorded_at: playing.recorded_at,
      duration_seconds: 150,
      certainty: 'confirmed',
      speed: 1.018,
      entry_id: play.entry_id,
      track: { track_id: 'teardrop', track_guid: null, track_name: 'Teardrop', offset: 10 },
    });
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    const [entry] = (await rig.call('GET', '/api/history')).json.data;
    await until(async () => (await status()).track?.track_guid === entry.track_guid);
  });

  it('shows what a person has corrected', async () => {
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    await show();
    await rig.call('PATCH', `/api/history/${play.entry_id}`, { track_name: 'Mine', album_name: null });
    await until(async () => (await status()).track?.track_name === 'Mine');
    expect((await status()).track).toMatchObject({ album_name: null, artist_name: 'Massive Attack' });
  });

  it('tells nothing of the file that plays', async () => {
    await show({
      ...resting,
      now_playing: { ...playing, track: { ...play.track, file_path: '/home/me/x.flac' } },
    });
    expect((await rig.call('GET', '/api/status')).text).not.toContain('/home/me');
  });

  it('cannot skip while it scans', async () => {
    await show(snapshotOf({ phase: 'scanning', message: 'Scans.', scan_ends: next_scan }));
    expect(await status()).toMatchObject({ can_skip: false, scan_ends: next_scan, success: false });
  });

  it('is read from the bus by a server that starts later', async () => {
    await rig.bus.setValue('recorder.snapshot', resting, 30);
    await rig.bus.setValue('supervisor.services', [recorder], 30);
    const { startServer } = await import('../server.ts');
    const configFile = {
      read: async () => ({ config: (await import('@pidentify/contracts')).defaultConfig, warnings: [] }),
      write: async () => undefined,
    };
    const second = await startServer({
      environment: { ...rig.environment, PIDENTIFY_PORT: 0 },
      version: '1',
      pid: 1,
      configFile,
    });
    try {
      const answer = async () => (await fetch(`http://127.0.0.1:${second.port}/api/status`)).json();
      await until(async () => ((await answer()) as Status).success);
      const told = await (await fetch(`http://127.0.0.1:${second.port}/api/health`)).json();
      expect(healthSchema.parse(told).services).toEqual([recorder]);
    } finally {
      await second.stop();
    }
  });
});

describe('WS /api/status/ws', () => {
  it('tells the status at once, at each change, and with each level', async () => {
    const heard = await listen<Status>('/api/status/ws/');
    expect(statusSchema.parse(heard[0]).phase).toBe('starting');
    await show();
    await until(() => heard.some((one) => one.track?.track_name === 'Teardrop'));
    await rig.bus.publish('recorder.level', { at: play.started_at, rms: 0.25, peak: 0.5 });
    await until(() => heard.at(-1)?.rms === 0.25);
    expect(heard.at(-1)).toMatchObject({ success: true, track: { track_name: 'Teardrop' } });
  });

  it('tells nothing while nothing changes', async () => {
    const heard = await listen<Status>('/api/status/ws');
    await show();
    const count = heard.length;
    await rig.bus.publish('recorder.snapshot', resting);
    await rig.bus.publish('recorder.snapshot', { ...resting, message: 'Other.' });
    await until(() => heard.at(-1)?.message === 'Other.');
    expect(heard).toHaveLength(count + 1);
  });
});

describe('WS /api/live', () => {
  const last = <T extends LiveMessage['type']>(heard: LiveMessage[], type: T) =>
    heard.findLast((message): message is Extract<LiveMessage, { type: T }> => message.type === type);

  it('tells state, health, levels and that the history has changed', async () => {
    const heard = await listen<LiveMessage>('/api/live');
    await show();
    await rig.bus.publish('supervisor.services', [recorder]);
    await rig.bus.publish('recorder.level', { at: play.started_at, rms: 0.25, peak: 0.5 });
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    await until(() =>
      ['status', 'health', 'level', 'history'].every((type) => heard.some((m) => m.type === type)),
    );
    await until(() => last(heard, 'status')?.status.success === true);
    await until(() => last(heard, 'health')?.health.status === 'ok');
    for (const message of heard) liveMessageSchema.parse(message);
  });

  it('an unchanged play told again says nothing', async () => {
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    const heard = await listen<LiveMessage>('/api/live');
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    await rig.bus.publish('recorder.level', { at: play.started_at, rms: 0.25, peak: 0.5 });
    await until(() => last(heard, 'level') !== undefined);
    expect(last(heard, 'history')).toBeUndefined();
  });

  it('a client that reads nothing is cut off before it fills the memory', async () => {
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = connect(rig.server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(
      `GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${rig.server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    const { clients } = rig.server.app.websocketServer;
    await until(() => clients.size === 1);
    socket.pause();
    for (let count = 0; clients.size > 0 && count < 400; count += 1) {
      await rig.bus.publish('recorder.snapshot', snapshotOf({ message: `${count} ${'x'.repeat(200_000)}` }));
    }
    await until(() => clients.size === 0);
    socket.destroy();
    expect((await rig.call('GET', '/api/health')).status).toBe(200);
  });

  it('what a client says is not listened to, and too much of it ends the connection', async () => {
    await listen('/api/live');
    sockets[0].send('{"type":"status"}');
    const closed = once(sockets[0], 'close');
    sockets[0].send('x'.repeat(10_000));
    await closed;
    expect((await rig.call('GET', '/api/health')).status).toBe(200);
  });
});

describe('health', () => {
  it('works with nobody there', async () => {
    expect(await health()).toMatchObject({
      status: 'degraded',
      service: 'pidentify',
      version: '9.9.9',
      services: [{ name: 'server', state: 'running' }],
      input: { state: 'opening' },
      index: { state: 'starting' },
      providers: [],
      bus: 'connected',
    });
  });

  it('is ok once all parts run and reach each other', async () => {
    await rig.bus.publish('supervisor.services', [recorder]);
    await show();
    await until(async () => (await health()).status === 'ok');
    expect(await health()).toMatchObject({
      input: { name: 'line-in' },
      index: { tracks: 12 },
      providers: [{ name: 'local', state: 'ready' }],
    });
    await rig.bus.publish('supervisor.services', [{ ...recorder, state: 'failed', detail: 'gave up' }]);
    await until(async () => (await health()).status === 'degraded');
  });

  it('tells the input that was given at the start, with and without a recorder', async () => {
    for (const [given, told] of [
      ['usb deck', 'usb deck'],
      ['', null],
    ] as const) {
      const own = await startRig({ environment: { PIDENTIFY_INPUT: given } });
      const input = async () => (await own.call('GET', '/api/health')).json.input;
      expect(await input()).toMatchObject({ state: 'opening', given: told });
      await own.bus.publish('recorder.snapshot', snapshotOf({}));
      await until(async () => (await input()).name === 'line-in');
      expect((await input()).given).toBe(told);
      await own.close();
    }
    expect((await health()).input.given).toBeNull();
  });

  it('says so while the bus is away', async () => {
    await rig.busServer.close();
    await until(async () => (await health()).bus === 'connecting');
    expect((await rig.call('GET', '/api/history')).status).toBe(200);
    expect((await rig.call('POST', '/api/scan-now')).json.status).toBe('bus_unavailable');
  });
});

describe('when a part dies', () => {
  it('what plays is no longer shown once the recorder is gone, and again when it is back', async () => {
    const own = connectBus({ ...rig.busServer, ...access, service: 'server', log: () => undefined });
    const told: LiveMessage[] = [];
    const live = new Live({
      bus: own,
      version: '1',
      ownService: { ...recorder, name: 'server' },
      givenInput: null,
      warnings: () => [],
      knownTrack: async () => null,
      log: { warn: () => undefined },
      patienceMs: 150,
    });
    live.watch((message) => told.push(message));
    try {
      await until(() => live.health().bus === 'connected');
      await rig.bus.setValue('recorder.snapshot', resting, 1);
      await rig.bus.publish('recorder.snapshot', resting);
      await until(() => live.status().success);
      const warnings = ['The disk takes nothing.'];
      await rig.bus.publish('recorder.snapshot', { ...resting, warnings });
      await until(() => told.some((each) => each.type === 'health' && each.health.warnings.length > 0));
      await until(() => !live.status().success);
      expect(live.health().warnings).toEqual([]);
      expect(live.status()).toMatchObject({ phase: 'starting', can_skip: false });
      expect(live.status().message).toContain('not running');
      expect(told.at(-1)?.type).toBe('health');
      await rig.bus.publish('recorder.snapshot', resting);
      await until(() => live.status().success);
    } finally {
      live.close();
      own.close();
    }
  });

  it('all is well again after the bus was killed', async () => {
    await show();
    const { host, port } = rig.busServer;
    await rig.busServer.close();
    await until(async () => (await health()).bus === 'connecting');
    expect((await status()).success).toBe(true);
    const again = await startRespServer({ host, port, ...access });
    try {
      await connected(rig.bus);
      await rig.bus.setValue('recorder.snapshot', { ...resting, message: 'Again.' }, 30);
      await until(async () => (await health()).bus === 'connected');
      await rig.bus.publish('recorder.snapshot', { ...resting, message: 'Anew.' });
      await until(async () => (await status()).message !== resting.message);
      const play = playOf();
      await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
      expect((await rig.call('GET', '/api/history')).json.total_count).toBe(1);
    } finally {
      await again.close();
    }
  });
});

describe('who asks for health', () => {
  it('gets a proof that we know the token of this start, not the token', async () => {
    const own = await startRig({ environment: { PIDENTIFY_TOKEN: 'token' } });
    try {
      const ask = async (nonce: string) => {
        const { headers, text } = await own.call('GET', '/api/health', undefined, {
          'x-pidentify-nonce': nonce,
        });
        expect(text).not.toContain('token');
        return headers.get('x-pidentify-proof');
      };
      // The twin, src-tauri/shell-logic/src/probe.rs, has the same value.
      const proof = '3e07f46d2dfe41b1f5bcea650c50b28ff4df3443f5cc0220260983cf1eee10db';
      expect(await ask('0123456789abcdef0123456789abcdef')).toBe(proof);
      expect(await ask('1123456789abcdef0123456789abcdef')).not.toBe(proof);
      for (const nonce of ['', 'short', 'not hex but as long as one should be']) {
        expect(await ask(nonce), nonce).toBeNull();
      }
    } finally {
      await own.close();
    }
  });

  it('gets the base address of the WebSockets as a JSON string', async () => {
    const own = await startRig({ environment: { HTTPS_WEBSOCKET_URL: 'wss://music.example' } });
    try {
      const ask = async (scheme: string) =>
        (await own.call('GET', `/api/status/websocket-host?scheme=${scheme}`)).text;
      expect([await ask('http'), await ask('https')]).toEqual(['""', '"wss://music.example"']);
    } finally {
      await own.close();
    }
  });
});
