import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Health, healthSchema } from '@pidentify/contracts';
import { valkeyArguments, valkeyConfig } from '@pidentify/platform';
import { type PulseRig, requireValkey, startPulseRig } from '@pidentify/platform/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeService, podmanOptions } from './container/compose.ts';
import { type Engine, openEngine } from './container/engine.ts';

const image = `localhost/pidentify-test-${process.pid}`;
const name = `pidentify-test-${process.pid}`;
let engine: Engine;
let pulse: PulseRig;
let work: string;

beforeAll(async () => {
  engine = await openEngine();
  pulse = await startPulseRig({ sinks: [{ name: 'turntable' }] });
  await engine.build(image);
}, 1_500_000);
afterAll(async () => {
  await engine?.podman('rmi', '--force', image);
  await pulse?.stop();
  engine?.close();
});

const folder = (of: string) => {
  const path = join(work, of);
  mkdirSync(path, { recursive: true });
  chownSync(path, 1000, 1000);
  return path;
};

/** Runs the image as compose.yaml says, with these values for its variables. */
async function start(variables: Record<string, string> = {}): Promise<void> {
  const service = composeService({
    PIDENTIFY_CONFIG: folder('config'),
    PIDENTIFY_MUSIC: folder('music'),
    PULSE_SOCKET: pulse.server.replace('unix:', ''),
    ...variables,
  });
  const options = podmanOptions(service);
  await engine.podman(
    'run',
    '--detach',
    '--name',
    name,
    '--network',
    engine.network.option,
    ...options,
    image,
  );
}

const inside = (...command: string[]) => engine.podman('exec', name, ...command);
const healthy = () =>
  engine.podman('healthcheck', 'run', name).then(
    () => true,
    () => false,
  );
const isHealthy = () => expect.poll(healthy, { timeout: 60_000, interval: 500 }).toBe(true);

async function ask(path: string, host = 'localhost:8000'): Promise<{ status: number; text: string }> {
  const code = `const { get } = require('node:http'); get({ port: 8000, path: ${JSON.stringify(path)},
    headers: { host: ${JSON.stringify(host)} } }, (answer) => { let text = ''; answer.on('data', (part) => { text += part; });
    answer.on('end', () => console.log(JSON.stringify({ status: answer.statusCode, text }))); });`;
  return JSON.parse(await inside('pidentify-node', '--eval', code));
}
const health = async (): Promise<Health> => healthSchema.parse(JSON.parse((await ask('/api/health')).text));
const stateOf = async (service: string) =>
  (await health()).services.find((candidate) => candidate.name === service)?.state;

describe('the container', () => {
  let valkey: ChildProcess | undefined;

  afterEach(async () => {
    await engine.podman('rm', '--force', '--time', '0', name);
    valkey?.kill('SIGKILL');
    valkey = undefined;
    rmSync(work, { recursive: true, force: true });
  });
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'pidentify-container-'));
  });

  it('runs as nobody in particular, hears the sound server of its host, and keeps its data outside', async () => {
    await start();
    await isHealthy();
    expect(await inside('id', '--user')).toBe('1000');
    await expect(inside('touch', '/usr/lib/pidentify/x')).rejects.toThrow('Read-only file system');
    await expect.poll(() => stateOf('valkey'), { timeout: 20_000 }).toBe('running');
    await expect
      .poll(async () => (await health()).input, { timeout: 20_000 })
      .toMatchObject({ state: 'listening', name: 'turntable.monitor' });
    // What listens to /dev/snd finds its libraries; there is no sound card here.
    expect(JSON.parse(await inside('pidentify-capture', 'list'))).toBeInstanceOf(Object);
    expect(await ask('/')).toMatchObject({ status: 200, text: expect.stringContaining('<title>Pidentify') });
    expect((await ask('/', 'raspberrypi.local:8000')).status).toBe(403);
    const { uid } = statSync(join(work, 'config', 'database.db'));
    expect(uid).toBe(1000);
  });

  it('stops in order when the engine says so, and goes on with what it had', async () => {
    await start();
    await isHealthy();
    await engine.podman('stop', name);
    expect(await engine.podman('inspect', '--format', '{{.State.ExitCode}}', name)).toBe('0');
    expect(existsSync(join(work, 'config', 'run', 'instance.json'))).toBe(false);
    await engine.podman('start', name);
    await isHealthy();
  });

  it('answers to the names that compose gives it', async () => {
    await start({ PIDENTIFY_HOSTS: 'raspberrypi.local:8000' });
    await isHealthy();
    expect((await ask('/', 'raspberrypi.local:8000')).status).toBe(200);
  });

  it('uses another Valkey where REDIS_HOST names one, and starts none', async () => {
    const access = { port: 7777, username: 'pid', password: 'secret' };
    const { path, libraryPath } = requireValkey();
    valkey = spawn(...engine.network.wrap(path, ...valkeyArguments), {
      env: { ...process.env, LD_LIBRARY_PATH: libraryPath },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    valkey.stdin?.end(valkeyConfig(access));
    await start({
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: '7777',
      REDIS_USERNAME: access.username,
      REDIS_PASSWORD: access.password,
    });
    await isHealthy();
    expect(await stateOf('valkey')).toBe('external');
    expect(await processes()).not.toContain('valkey-server');
  });

  it('is not called healthy when its page does not answer', async () => {
    const network = engine.network.option;
    const sleeps = ['--entrypoint', '["sleep", "1000"]', image];
    await engine.podman('run', '--detach', '--name', name, '--network', network, ...sleeps);
    expect(await healthy()).toBe(false);
  });

  const processes = () => inside('sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "');
});
