import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bus, connectBus } from '@pidentify/bus';
import { historyPageSchema, type ServiceReport, serviceReportSchema } from '@pidentify/contracts';
import { freePort, startValkey } from '@pidentify/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connected, playOf } from './testing/rig.ts';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let data: string;
let valkey: Awaited<ReturnType<typeof startValkey>>;
let bus: Bus;
let children: ChildProcess[];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'pidentify-process-'));
  valkey = await startValkey({ port: await freePort() });
  bus = connectBus({ ...valkey, service: 'recorder', log: () => undefined });
  children = [];
  await connected(bus);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  bus.close();
  await valkey.kill();
  rmSync(data, { recursive: true, force: true });
});

/** Starts a process of ours as the supervisor does. */
function start(name: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script(name)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      APPDATA_DIR: data,
      MUSIC_LIBRARY_DIR: join(data, 'music'),
      REDIS_HOST: valkey.host,
      REDIS_PORT: String(valkey.port),
      REDIS_USERNAME: valkey.username,
      REDIS_PASSWORD: valkey.password,
      DB_URL: `sqlite:///${join(data, 'database.db')}`,
      ...environment,
    },
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      said += text;
    });
  const told = once(child, 'message').then(([message]): ServiceReport => serviceReportSchema.parse(message));
  return { child, told, ended: once(child, 'exit'), said: () => said };
}

async function startReady() {
  const server = start('main.ts');
  const report = await server.told;
  if (report.report !== 'ready' || !report.port) throw new Error(server.said());
  return { ...server, url: `http://127.0.0.1:${report.port}` };
}

const busOf = async (url: string) => (await (await fetch(`${url}/api/health`)).json()).bus;

async function migrate() {
  const { told, ended } = start('migrate.ts');
  return { report: await told, status: (await ended)[0] };
}

describe('the processes', () => {
  it('migrates, starts, answers and stops in order', async () => {
    expect(await migrate()).toEqual({ report: { report: 'ready' }, status: 0 });
    const { child, ended, url, said } = await startReady();
    const health = await (await fetch(`${url}/api/health`)).json();
    expect(health).toMatchObject({ service: 'pidentify', services: [{ name: 'server', pid: child.pid }] });
    child.send({ order: 'stop' });
    expect(await ended).toEqual([0, null]);
    expect(said()).not.toContain(valkey.password);
  });

  it('a migration that is refused says why and fails', async () => {
    const { told, ended } = start('migrate.ts', { DB_URL: `sqlite:///${script('main.ts')}/x.db` });
    expect(await told).toMatchObject({ report: 'failed', code: 'data_folder_unwritable' });
    expect((await ended)[0]).toBe(1);
  });

  it('a taken port is reported by its name', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await migrate();
    const { told, ended } = start('main.ts', { PIDENTIFY_PORT: String(port) });
    expect(await told).toMatchObject({ report: 'failed', code: 'port_taken' });
    expect((await ended)[0]).toBe(1);
    other.close();
  });

  it('starts while there is no bus, and joins it later', async () => {
    await migrate();
    const port = await freePort();
    const { told } = start('main.ts', { REDIS_PORT: String(port) });
    const report = await told;
    if (report.report !== 'ready') throw new Error(report.message);
    const health = async () => (await fetch(`http://127.0.0.1:${report.port}/api/health`)).json();
    expect(await health()).toMatchObject({ bus: 'connecting', status: 'degraded' });
    const late = await startValkey({ port });
    await expect.poll(health, { timeout: 5_000 }).toMatchObject({ bus: 'connected' });
    await late.kill();
  });

  it('loses no play that it has acknowledged when it is killed in the middle of writing', async () => {
    await migrate();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const { child, ended, url } = await startReady();
      await expect.poll(() => busOf(url), { timeout: 5_000 }).toBe('connected');
      let alive = true;
      const tellPlays = async () => {
        while (alive) {
          const play = playOf({ name: `Song ${acknowledged.size % 7}` });
          await bus.ask('server.remember', play, { timeoutMs: 2_000 }).then(
            () => acknowledged.add(play.entry_id),
            () => {
              alive = false;
            },
          );
        }
      };
      const telling = Promise.all(Array.from({ length: 4 }, tellPlays));
      setTimeout(() => child.kill('SIGKILL'), 300 + round * 90);
      await ended;
      alive = false;
      await telling;
    }
    const { url } = await startReady();
    const kept = new Set<string>();
    for (let page: number | null = 1; page !== null; ) {
      const answer: Response = await fetch(`${url}/api/history?page=${page}&page_size=100`);
      const { data: entries, next_page } = historyPageSchema.parse(await answer.json());
      for (const { entry_id } of entries) kept.add(entry_id);
      page = next_page;
    }
    expect(acknowledged.size).toBeGreaterThan(20);
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  }, 60_000);
});
