import { once } from 'node:events';
import { createConnection } from 'node:net';
import { type Level, PidentifyError } from '@pidentify/contracts';
import { freePort, startValkey } from '@pidentify/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, connectBus, startRespServer } from './index.ts';

/** Long, because the machine may be busy; it ends as soon as it is true. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 12_000 });

type Server = { host: string; port: number; username: string; password: string; kill: () => Promise<void> };
type Start = (port: number) => Promise<Server>;

/** The same promises are kept on both: the real Valkey and the built-in server. */
const servers: [string, Start][] = [
  ['Valkey', (port) => startValkey({ port })],
  [
    'the built-in server',
    async (port) => {
      const access = { username: 'pid', password: 'secret' };
      const server = await startRespServer({ host: '127.0.0.1', port, ...access });
      return { host: server.host, port, ...access, kill: server.close };
    },
  ],
];

const level: Level = { at: '2026-11-22T10:00:00.000Z', rms: 0.1, peak: 0.2 };
const health = { name: 'recorder', state: 'running', pid: 1, restarts: 0, since: level.at } as const;

describe.each(servers)('the bus on %s', (_, start) => {
  let server: Server;
  let open: Bus[];
  let logged: string[];

  const connect = (service: string, access: Partial<Server> = {}) => {
    const { host, port, username, password } = { ...server, ...access };
    const log = (_level: string, text: string) => logged.push(text);
    const bus = connectBus({ host, port, username, password, service, log });
    open.push(bus);
    return bus;
  };

  const connected = (bus: Bus) =>
    new Promise<void>((resolve) => bus.onConnection((state) => state === 'connected' && resolve()));

  /** Sends one request as the bus's user and returns the reply. */
  const raw = async (...words: string[]): Promise<string> => {
    const socket = createConnection(server.port, server.host);
    const encode = (parts: string[]) =>
      `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
    socket.write(encode(['AUTH', server.username, server.password]));
    await once(socket, 'data');
    socket.write(encode(words));
    const [reply] = await once(socket, 'data');
    socket.destroy();
    return String(reply);
  };

  beforeEach(async () => {
    open = [];
    logged = [];
    server = await start(await freePort());
  });
  afterEach(async () => {
    for (const bus of open) bus.close();
    await server.kill();
  });

  it('delivers a message to all who listen, and says how many they are', async () => {
    const heard: Level[] = [];
    for (const name of ['b', 'c']) {
      await connect(name).subscribe('recorder.level', (payload) => void heard.push(payload)).active;
    }
    const speaker = connect('a');
    await connected(speaker);
    expect(await speaker.publish('recorder.level', level)).toBe(2);
    await eventually(() => heard).toEqual([level, level]);
  });

  it('hears no more after the subscription is closed', async () => {
    const bus = connect('a');
    await connected(bus);
    const subscription = bus.subscribe('recorder.level', () => undefined);
    await subscription.active;
    subscription.close();
    await eventually(() => bus.publish('recorder.level', level)).toBe(0);
  });

  it('drops and logs a message that does not parse', async () => {
    const heard: unknown[] = [];
    await connect('a').subscribe('recorder.level', (payload) => void heard.push(payload)).active;
    await raw('PUBLISH', 'pid:message:recorder.level', '{"rms":"loud"}');
    await raw('PUBLISH', 'pid:message:recorder.level', 'not json');
    await raw('PUBLISH', 'pid:message:recorder.level', JSON.stringify(level));
    await eventually(() => heard).toEqual([level]);
    expect(logged.filter((text) => text.includes('does not parse'))).toHaveLength(2);
  });

  it('survives a handler that throws', async () => {
    const bus = connect('a');
    await connected(bus);
    let calls = 0;
    await bus.subscribe('recorder.level', () => {
      calls += 1;
      throw new Error('clumsy');
    }).active;
    await bus.publish('recorder.level', level);
    await bus.publish('recorder.level', level);
    await eventually(() => calls).toBe(2);
    expect(logged.join()).toContain('clumsy');
  });

  it('keeps a value until it expires', async () => {
    const bus = connect('a');
    await connected(bus);
    expect(await bus.getValue('supervisor.services')).toBeNull();
    expect(await bus.setValue('supervisor.services', [health], 0.3)).toBe(true);
    expect(await connect('b').getValue('supervisor.services').catch(String)).toContain('cannot reach');
    expect(await bus.getValue('supervisor.services')).toEqual([health]);
    await eventually(() => bus.getValue('supervisor.services')).toBeNull();
  });

  it('asks before it is connected, and gets the answer', async () => {
    const questions: unknown[] = [];
    connect('b').answer('supervisor.restart', (question) => {
      questions.push(question);
      return { done: true };
    });
    const answer = await connect('a').ask(
      'supervisor.restart',
      { service: 'recorder' },
      { timeoutMs: 2_000 },
    );
    expect(answer).toEqual({ done: true });
    expect(questions).toEqual([{ service: 'recorder' }]);
  });

  it("brings the other side's error with its code and sentence", async () => {
    const other = connect('b');
    await other.answer('recorder.devices', () => {
      throw new PidentifyError('no_input', 'Plug one in.');
    }).active;
    await other.answer('recorder.reindex', () => {
      throw new TypeError('a bug');
    }).active;
    const bus = connect('a');
    await expect(bus.ask('recorder.devices', {}, { timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'no_input',
      status: 503,
      message: 'There is no input to listen to. Plug one in.',
    });
    await expect(bus.ask('recorder.reindex', {}, { timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'internal_error',
    });
    expect(logged.join()).toContain('a bug');
  });

  it('refuses a question that does not parse', async () => {
    const other = connect('b');
    await other.answer('supervisor.restart', () => ({ done: true })).active;
    const id = '6f1b1c1e-6a0f-4f0c-9d55-3b8a1f1d2a11';
    const text = JSON.stringify({ id, reply: 'pid:reply:x', question: { service: 'nonsense' } });
    expect(await raw('PUBLISH', 'pid:ask:supervisor.restart', text)).toBe(':1\r\n');
    const elsewhere = JSON.stringify({ id, reply: 'pid:value:x', question: { service: 'server' } });
    await raw('PUBLISH', 'pid:ask:supervisor.restart', elsewhere);
    await eventually(() => logged.filter((line) => line.includes('dropped'))).toHaveLength(1);
  });

  it('says at once when nobody answers such questions', async () => {
    const bus = connect('a');
    await connected(bus);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const begin = performance.now();
    await expect(bus.ask('recorder.devices', {}, { timeoutMs: 9_000 })).rejects.toMatchObject({
      code: 'recorder_unavailable',
    });
    await expect(
      bus.ask('supervisor.restart', { service: 'server' }, { timeoutMs: 9_000 }),
    ).rejects.toMatchObject({ code: 'bus_unavailable' });
    expect(performance.now() - begin).toBeLessThan(500);
  });

  it('stops waiting for an answer in time', async () => {
    await connect('b').answer('recorder.devices', () => new Promise(() => undefined)).active;
    const asking = connect('a').ask('recorder.devices', {}, { timeoutMs: 200 });
    await expect(asking).rejects.toMatchObject({ code: 'bus_timeout' });
  });

  it('is well again within 3 s of a crash, with every channel, and replays nothing', async () => {
    const heard: number[] = [];
    const [a, b] = [connect('a'), connect('b')];
    b.answer('recorder.scan-now', () => ({ done: true }));
    b.subscribe('recorder.level', (payload) => void heard.push(payload.rms));
    await a.ask('recorder.scan-now', {}, { timeoutMs: 2_000 });
    await server.kill();
    await eventually(() => a.state).toBe('connecting');
    expect(await a.publish('recorder.level', { ...level, rms: 0.5 })).toBe(0);
    expect(await a.setValue('supervisor.services', [], 9)).toBe(false);
    await expect(a.ask('recorder.scan-now', {}, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'bus_unavailable',
    });
    server = await start(server.port);
    const begin = performance.now();
    expect(await a.ask('recorder.scan-now', {}, { timeoutMs: 3_000 })).toEqual({ done: true });
    await a.publish('recorder.level', { ...level, rms: 0.7 });
    await eventually(() => heard).toEqual([0.7]);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  it('rejects a question whose answer can no longer come, because the connection broke', async () => {
    const b = connect('b');
    let asked = false;
    b.answer('recorder.devices', () => {
      asked = true;
      return new Promise(() => undefined);
    });
    const asking = connect('a').ask('recorder.devices', {}, { timeoutMs: 9_000 });
    const outcome = expect(asking).rejects.toMatchObject({ code: 'bus_unavailable' });
    await eventually(() => asked).toBe(true);
    await server.kill();
    await outcome;
  });

  it.each([
    ['FLUSHALL'],
    ['CONFIG', 'GET', '*'],
    ['EVAL', 'return 1', '0'],
    ['KEYS', '*'],
    ['GET', 'foreign'],
    ['SET', 'foreign', '1'],
    ['PUBLISH', 'foreign', '1'],
    ['SUBSCRIBE', 'foreign'],
    ['CLIENT', 'KILL', '1'],
  ])('does not permit %s %s', async (...words) => {
    expect(await raw(...words)).toMatch(/^-NOPERM/);
  });

  it('lets nobody in without the password', async () => {
    const bus = connect('a', { password: 'wrong' });
    await expect(bus.ask('recorder.devices', {}, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'bus_unavailable',
    });
  });

  it.each([
    [['PING'], '+PONG\r\n'],
    [['ping', 'hé'], '$3\r\nhé\r\n'],
    [['SET', 'pid:value:a', 'b'], '+OK\r\n'],
    [['SET', 'pid:value:a', 'b', 'EX'], '-ERR'],
    [['SET', 'pid:value:a', 'b', 'PX', 'many'], '-ERR'],
    [['GET', 'pid:value:none'], '$-1\r\n'],
    [['GET'], '-ERR'],
    [['SUBSCRIBE', 'pid:message:x'], '*3\r\n$9\r\nsubscribe\r\n$13\r\npid:message:x\r\n:1\r\n'],
    [['CLIENT', 'SETNAME', 'me'], '+OK\r\n'],
    [['QUIT'], '+OK\r\n'],
  ])('answers %j with %j', async (words, expected) => {
    expect((await raw(...words)).slice(0, expected.length)).toBe(expected);
  });
});
