import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, type RespServer, startRespServer } from '@pidentify/bus';
import {
  type Config,
  defaultConfig,
  type Play,
  type RecorderSnapshot,
  type ServiceEnvironment,
  serviceEnvironmentSchema,
} from '@pidentify/contracts';
import { migrateDatabase } from '../database/migrate.ts';
import { sqlitePath } from '../database/open.ts';
import { type RunningServer, startServer } from '../server.ts';
import type { ConfigFile } from '../settings/settings.ts';

const migrationsFolder = new URL('../../migrations/sqlite/', import.meta.url).pathname;

/** A real server on a real bus and a real database, in a folder of its own. */
export type Rig = {
  server: RunningServer;
  bus: Bus;
  busServer: RespServer;
  environment: ServiceEnvironment;
  data: string;
  music: string;
  /** What has been written to the settings file. */
  written: Config[];
  url: string;
  /** One request as our own page makes it; the body is JSON unless it is bytes. */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  close: () => Promise<void>;
};
export type Answer = { status: number; headers: Headers; json: Json; text: string };
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Json = any;

/** How everybody signs in on the bus of a rig. */
export const access = { username: 'pid', password: 'secret' };

export async function startRig(
  options: {
    config?: Partial<Config>;
    environment?: Record<string, string>;
    /** Called before the database is made. */
    prepare?: (data: string) => void;
    warnings?: string[];
  } = {},
): Promise<Rig> {
  const root = mkdtempSync(join(tmpdir(), 'pidentify-server-'));
  const [data, music] = [join(root, 'data'), join(root, 'music')];
  for (const folder of [data, music]) mkdirSync(folder);
  options.prepare?.(data);
  const busServer = await startRespServer({ host: '127.0.0.1', port: 0, ...access });
  const environment = serviceEnvironmentSchema.parse({
    APPDATA_DIR: data,
    MUSIC_LIBRARY_DIR: music,
    REDIS_HOST: busServer.host,
    REDIS_PORT: busServer.port,
    REDIS_USERNAME: access.username,
    REDIS_PASSWORD: access.password,
    DB_URL: `sqlite:///${join(data, 'database.db')}`,
    LOG_LEVEL: 'error',
    ...options.environment,
  });
  migrateDatabase({ path: sqlitePath(environment.DB_URL), folder: migrationsFolder });
  const written: Config[] = [];
  const configFile: ConfigFile = {
    read: async () => ({ config: { ...defaultConfig, ...options.config }, warnings: options.warnings ?? [] }),
    write: async (config) => void written.push(config),
  };
  const server = await startServer({ environment, version: '9.9.9', pid: process.pid, configFile });
  const bus = connectBus({ ...busServer, ...access, service: 'recorder', log: () => undefined });
  await connected(bus);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    server,
    bus,
    busServer,
    environment,
    data,
    music,
    written,
    url,
    call: (method, path, body, headers) => call({ url: url + path, method, body, headers }),
    async close() {
      bus.close();
      await server.stop();
      await busServer.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function connected(bus: Bus): Promise<void> {
  return new Promise((resolve) => bus.onConnection((state) => state === 'connected' && resolve()));
}

async function call(request: {
  url: string;
  method: string;
  body?: unknown;
  headers?: Record<string, string>;
}): Promise<Answer> {
  const isJson = request.body !== undefined && !(request.body instanceof Uint8Array);
  const answer = await fetch(request.url, {
    method: request.method,
    headers: { ...(isJson && { 'content-type': 'application/json' }), ...request.headers },
    body: isJson ? JSON.stringify(request.body) : (request.body as Uint8Array<ArrayBuffer>),
  });
  const text = await answer.text();
  const json: Json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
  return { status: answer.status, headers: answer.headers, json, text };
}

/** A play of two and a half minutes that began at ten o'clock. */
export function playOf(parts: Partial<Play> & { name?: string } = {}): Play {
  const { name = 'Teardrop', ...rest } = parts;
  return {
    entry_id: randomUUID(),
    revision: 1,
    detected_at: '2026-11-22T10:00:20.000Z',
    started_at: '2026-11-22T10:00:00.000Z',
    ended_at: null,
    speed: 1,
    track: {
      track_id: name.toLowerCase(),
      source: 'local',
      track_name: name,
      artist_name: 'Massive Attack',
      album_name: 'Mezzanine',
      track_no: 3,
      duration_seconds: 150,
    },
    ...rest,
  };
}

export function snapshotOf(parts: Partial<RecorderSnapshot> = {}): RecorderSnapshot {
  return {
    phase: 'waiting',
    message: 'Waiting for music.',
    now_playing: null,
    scan_ends: null,
    next_scan: null,
    input: { state: 'listening', name: 'line-in', sampleRate: 48_000, channels: 2, level: 0 },
    index: { state: 'ready', tracks: 12, hours: 0.8, progress: 1 },
    providers: [
      {
        name: 'local',
        state: 'ready',
        detail: null,
        until: null,
        calls_today: null,
        budget: null,
        last_answer: null,
        median_ms: null,
      },
    ],
    ...parts,
  };
}

/** Waits for something to become true, as fast as it does. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
