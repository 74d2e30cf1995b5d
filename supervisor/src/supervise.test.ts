import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { supervisorEventSchema } from '@pidentify/contracts';
import { startValkey } from '@pidentify/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './ports.ts';
import {
  isAlive,
  processesWith,
  runSupervisor,
  type Supervised,
  type Told,
} from './testing/run-supervisor.ts';

/** Long, because the machine may be busy; it ends as soon as it is true. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 12_000, interval: 30 });

let folder: string;
let data: string;
let runs: Supervised[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-supervisor-'));
  data = join(folder, 'data');
  runs = [];
});
afterEach(async () => {
  for (const { child } of runs) child.kill('SIGKILL');
  await eventually(() => processesWith(data)).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

function start(args: string[] = [], env: Record<string, string> = {}): Supervised {
  const run = runSupervisor(['--data', data, '--music', join(folder, 'music'), '--port', '0', ...args], env);
  runs.push(run);
  return run;
}

const order = () => readFileSync(join(data, 'order.txt'), 'utf8').trim().split('\n');
const stateOf = (told: Told, name: string) => told.services.find((service) => service.name === name);

describe.each([
  ['Valkey', {}, 'valkey-server'],
  ['the built-in bus server', { PIDENTIFY_VALKEY: 'builtin' }, 'bus-server.ts'],
])('the supervisor with %s', (_, env: Record<string, string>, busProgram) => {
  const allRun = async (run: Supervised) => {
    await eventually(async () => {
      const told = await run.told();
      return [told.bus, ...told.services.map(({ name, state }) => `${name} ${state}`)];
    }).toEqual(['connected', 'valkey running', 'server running', 'recorder running']);
  };

  it('starts everything, tells where it is, and stops in order', async () => {
    const run = start([], env);
    expect(await run.ready).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    await allRun(run);
    expect(processesWith(data).join('\n')).toContain(busProgram);
    const began = performance.now();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(order()).toEqual(['recorder', 'server']);
    expect(processesWith(data)).toEqual([]);
    expect(readdirSync(join(data, 'logs')).sort()).toEqual(
      ['migrate.log', 'recorder.log', 'server.log', 'supervisor.log', 'valkey.log'].sort(),
    );
    expect(existsSync(join(data, 'run', 'instance.json'))).toBe(false);
    expect(run.output()).toMatch(/\nready \S+\nStopping \(SIGTERM\) \.\.\.\n$/);
  });

  it('has each of them back after kill -9', async () => {
    const run = start([], env);
    await run.ready;
    await allRun(run);
    for (const name of ['recorder', 'valkey', 'server']) {
      const before = stateOf(await run.told(), name)?.pid as number;
      const began = performance.now();
      process.kill(before, 'SIGKILL');
      await eventually(async () => {
        const told = await run.told();
        const now = stateOf(told, name);
        return (
          told.bus === 'connected' && now?.state === 'running' && now.pid !== before && now.restarts === 1
        );
      }).toBe(true);
      expect(performance.now() - began).toBeLessThan(5_000);
    }
    await allRun(run);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });

  it('leaves nothing behind when it is killed, and can start again at once', async () => {
    const first = start([], env);
    await first.ready;
    first.child.kill('SIGKILL');
    await first.ended;
    const began = performance.now();
    const second = start([], env);
    await eventually(
      () => processesWith(data).filter((line) => line.includes(busProgram)).length,
    ).toBeLessThan(2);
    expect(performance.now() - began).toBeLessThan(3_000);
    await second.ready;
    await allRun(second);
    const pids = (await second.told()).services.map(({ pid }) => pid as number);
    second.child.kill('SIGKILL');
    await second.ended;
    await expect
      .poll(() => [...processesWith(data), ...pids.filter(isAlive)], { timeout: 3_000 })
      .toEqual([]);
  });
});

describe('the supervisor', () => {
  it('speaks JSON lines to a shell, and stops when standard input ends', async () => {
    const run = start(['--events', 'json', '--watch-stdin']);
    await run.ready;
    run.child.stdin?.write('{"cmd":"status"}\nnonsense\n');
    await eventually(run.output).toContain('valkey running, server running');
    run.child.stdin?.end();
    expect(await run.ended).toBe(0);
    const events = run
      .output()
      .trim()
      .split('\n')
      .map((line) => supervisorEventSchema.parse(JSON.parse(line)));
    expect(events.find((event) => 'ready' in event)).toMatchObject({ ready: { version: '0.0.0-test' } });
    expect(events.at(-1)).toEqual({ stopped: { status: 0 } });
    expect(order()).toEqual(['recorder', 'server']);
  });

  it('stops when a shell tells it to', async () => {
    const run = start(['--watch-stdin']);
    await run.ready;
    run.child.stdin?.write('{"cmd":"shutdown"}\n');
    expect(await run.ended).toBe(0);
  });

  it('stops while it is still starting', async () => {
    const run = start();
    await eventually(run.output).toContain('Starting the message bus');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    // What it has just tried out (whether setpriv is there) ends by itself a moment later.
    await eventually(() => processesWith(data)).toEqual([]);
  });

  it('does not wait for a service that hangs, and hurries when told twice', async () => {
    const slow = start([], { FAKE_RECORDER: 'hangs', FAKE_SERVER: 'hangs' });
    await slow.ready;
    await eventually(async () => stateOf(await slow.told(), 'valkey')?.state).toBe('running');
    const valkey = stateOf(await slow.told(), 'valkey')?.pid as number;
    process.kill(valkey, 'SIGSTOP');
    let began = performance.now();
    slow.child.kill('SIGTERM');
    expect(await slow.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(isAlive(valkey)).toBe(false);
    const hurried = start([], { FAKE_RECORDER: 'hangs' });
    await hurried.ready;
    began = performance.now();
    hurried.child.kill('SIGTERM');
    setTimeout(() => hurried.child.kill('SIGTERM'), 900);
    expect(await hurried.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(1_900);
  });

  it('goes on without a recorder that cannot be started', async () => {
    const run = start([], { FAKE_RECORDER: 'dies' });
    await run.ready;
    await eventually(async () => stateOf(await run.told(), 'recorder')).toMatchObject({
      state: 'failed',
      pid: null,
      detail: expect.stringContaining('ended with status 7'),
    });
    expect(run.output()).toContain('The recorder was given up');
    expect(stateOf(await run.told(), 'server')?.state).toBe('running');
  });

  it('restarts a service for whoever asks, and counts it as no death', async () => {
    const run = start();
    await run.ready;
    await eventually(async () => stateOf(await run.told(), 'recorder')?.state).toBe('running');
    const before = stateOf(await run.told(), 'recorder')?.pid;
    expect(await run.restart('recorder')).toEqual({ done: true });
    await eventually(async () => stateOf(await run.told(), 'recorder')).toMatchObject({
      state: 'running',
      restarts: 0,
    });
    expect(stateOf(await run.told(), 'recorder')?.pid).not.toBe(before);
    expect(order()).toEqual(['recorder']);
  });

  it('uses a bus that others run', async () => {
    const valkey = await startValkey();
    const run = start([], {
      REDIS_HOST: valkey.host,
      REDIS_PORT: String(valkey.port),
      REDIS_USERNAME: valkey.username,
      REDIS_PASSWORD: valkey.password,
    });
    await run.ready;
    await eventually(async () => stateOf(await run.told(), 'valkey')?.state).toBe('external');
    expect(await run.restart('valkey')).toBe('bad_request');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(isAlive(valkey.pid)).toBe(true);
    await valkey.kill();
  });

  it('takes the built-in bus server when the Valkey of this machine does not work', async () => {
    const run = start([], { PIDENTIFY_VALKEY: '/bin/false' });
    await run.ready;
    expect(processesWith(data).join('\n')).toContain('bus-server.ts');
    expect(readFileSync(join(data, 'logs', 'supervisor.log'), 'utf8')).toContain('/bin/false cannot be used');
  });

  it('ends when the server cannot be started, and says why', async () => {
    const run = start([], { FAKE_SERVER: 'fails' });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Pidentify: The database is broken.\nMore in ${data}/logs`);
    expect(processesWith(data)).toEqual([]);
  });

  it('shows a shell the last lines of the service that failed', async () => {
    const run = start(['--events', 'json', '--watch-stdin'], { FAKE_SERVER: 'fails' });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain('cannot start: Error: The database is broken.\n');
    expect(run.output()).not.toMatch(/\n +at start/);
  });

  it('points to the first when it is started twice', async () => {
    const first = start();
    const url = await first.ready;
    const second = start();
    expect(await second.ended).toBe(3);
    expect(second.output()).toContain(
      `Pidentify is already running with this data folder: ${url} (pid ${first.child.pid})`,
    );
    expect(stateOf(await first.told(), 'server')?.state).toBe('running');
  });

  it('keeps a corrupt config.yaml aside and goes on', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'config.yaml'), 'device: [');
    const run = start();
    await run.ready;
    expect(run.output()).toContain('config.yaml could not be understood. It was kept as config.yaml.broken-');
  });

  it('warns of a music folder that cannot be used and goes on', async () => {
    writeFileSync(join(folder, 'file'), '');
    const run = start(['--music', join(folder, 'file', 'music')]);
    await run.ready;
    expect(run.output()).toContain(`The music folder ${folder}/file/music cannot be used`);
  });

  describe.each([
    ['a configuration that cannot be read', 'config.yaml'],
    ['a log that cannot be written', 'logs/supervisor.log'],
  ])('held up by %s', (_, name) => {
    beforeEach(() => {
      mkdirSync(join(data, 'logs'), { recursive: true });
      execFileSync('mkfifo', [join(data, name)]);
    });

    it('ends in order with the shell, however that ended', async () => {
      const run = start(['--events', 'json', '--watch-stdin']);
      await eventually(run.output).toContain('Looking at the data folder');
      const began = performance.now();
      run.child.stdin?.destroy();
      expect(await run.ended).toBe(0);
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(run.output()).toContain('Stopping (standard input ended)');
    });
  });

  it('says so when the data folder does not answer, and ends', async () => {
    mkdirSync(data);
    execFileSync('mkfifo', [join(data, 'config.yaml')]);
    const run = start(['--events', 'json', '--watch-stdin']);
    expect(await run.ended).toBe(1);
    const message = `The data folder does not answer. ${data}`;
    expect(run.output()).toContain(JSON.stringify({ failed: { code: 'data_folder_silent', message } }));
    const person = start();
    expect(await person.ended).toBe(1);
    expect(person.output()).toBe(`Looking at the data folder ...\nPidentify: ${message}\n`);
  });

  it('says so when the disk is full, and ends', async () => {
    mkdirSync(data);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', data]);
    try {
      const shell = start(['--events', 'json', '--watch-stdin']);
      expect(await shell.ended).toBe(1);
      expect(shell.output()).toContain('{"failed":{"code":"disk_full","message":"The disk is full. ');
      const person = start();
      expect(await person.ended).toBe(1);
      expect(person.output()).toContain(`Pidentify: The disk is full. ${data}: ENOSPC`);
    } finally {
      execFileSync('umount', [data]);
    }
  });

  it('takes another port when somebody was quicker, unless that one was asked for', async () => {
    const folders = ['--data', data, '--music', join(folder, 'music')];
    const run = runSupervisor(folders, { FAKE_SERVER: 'late' });
    runs.push(run);
    expect(new URL(await run.ready).port).not.toBe('8000');
    run.child.kill('SIGTERM');
    await run.ended;
    const asked = runSupervisor([...folders, '--port', String(await freePort())], { FAKE_SERVER: 'late' });
    runs.push(asked);
    expect(await asked.ended).toBe(1);
    expect(asked.output()).toContain('Taken.');
  });

  it('comes back to the port that pages have open, when somebody had it for a moment', async () => {
    const run = runSupervisor(['--data', data, '--music', join(folder, 'music')], { FAKE_SERVER: 'loses' });
    runs.push(run);
    await run.ready;
    const { pid } = await run.told();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await run.told().catch(() => ({ pid }))).pid !== pid).toBe(true);
    expect(readFileSync(join(data, 'starts.txt'), 'utf8').length).toBeGreaterThan(2);
  });

  it('says that the port is taken and ends', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const run = start(['--port', String(port)]);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`The port is in use by another program. (port ${port})`);
    server.close();
  });

  it.each([
    [['--data', '/dev/null/data'], 1, 'The data folder cannot be written. /dev/null/data'],
    [['--data', '/proc/nowhere/data'], 1, 'The data folder cannot be written. /proc/nowhere/data'],
    [['--nonsense'], 2, "Unknown option '--nonsense'"],
    [['--port', 'abc'], 2, '--headless       open no window or browser'],
    [
      ['--events', 'json', '--port', 'abc'],
      2,
      '{"failed":{"code":"option_invalid","message":"An option on the command line is not valid. --port \\"abc\\" is not a port: 0 to 65535."}}',
    ],
  ])('answers %j with status %i', async (args, status, text) => {
    const run = start(args);
    expect(await run.ended).toBe(status);
    expect(run.output()).toContain(text);
  });
});
