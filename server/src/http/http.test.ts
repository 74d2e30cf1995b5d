import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceEnvironmentSchema } from '@pidentify/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Rig, startRig } from '../testing/rig.ts';
import { createApp } from './app.ts';

let rig: Rig;
let web: string;
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'pidentify-web-'));
  mkdirSync(join(web, 'assets'));
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Pidentify</title>');
  writeFileSync(join(web, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(web, '.env'), 'SECRET=1');
  rig = await startRig({ environment: { PIDENTIFY_WEB_DIR: web } });
});
afterAll(async () => {
  await rig.close();
  rmSync(web, { recursive: true, force: true });
});

const inject = (method: 'GET' | 'POST' | 'PATCH', url: string, headers: Record<string, string> = {}) =>
  rig.server.app.inject({
    method,
    url,
    headers: { host: `127.0.0.1:${rig.server.port}`, ...headers },
    ...(method === 'PATCH' && { payload: '{}' }),
  });

/** What the server says to bytes that no client library would send. */
const raw = (bytes: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(rig.server.port, '127.0.0.1', () => socket.end(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });

describe('who may ask', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example', ''])(
    'refuses the Host "%s"',
    async (host) => {
      const answer = await inject('GET', '/api/health', { host });
      expect([answer.statusCode, answer.json().status]).toEqual([403, 'host_not_allowed']);
    },
  );

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('answers to %s', async (name) => {
    const answer = await inject('GET', '/api/health', { host: `${name}:${rig.server.port}` });
    expect(answer.statusCode).toBe(200);
  });

  it('refuses the page itself to a foreign Host', async () => {
    expect((await inject('GET', '/', { host: 'evil.example' })).statusCode).toBe(403);
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1', 'http://localhost:1', ''])(
    'refuses a write with the Origin "%s"',
    async (origin) => {
      const answer = await inject('POST', '/api/scan-now', { origin });
      expect([answer.statusCode, answer.json().status]).toEqual([403, 'origin_not_allowed']);
    },
  );

  it('refuses a write that the browser marks as another site’s, whatever its Origin', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
    expect((await inject('PATCH', '/api/settings', headers)).statusCode).toBe(403);
  });

  it('accepts a write of our own page and of a program', async () => {
    const type = { 'content-type': 'application/json' };
    const origin = `http://localhost:${rig.server.port}`;
    expect((await inject('PATCH', '/api/settings', { ...type, origin })).statusCode).toBe(200);
    expect((await inject('PATCH', '/api/settings', type)).statusCode).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/PLAIN; a=b',
  ])('refuses a write that a form can send: %s', async (type) => {
    const answer = await inject('PATCH', '/api/settings', { 'content-type': type });
    expect([answer.statusCode, answer.json().status]).toEqual([415, 'media_type_not_allowed']);
  });

  it('gives nobody leave to read from another site', async () => {
    const { headers } = await inject('GET', '/api/config', { origin: 'http://evil.example' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('refuses a WebSocket of another site', async () => {
    const answer = await raw(
      `GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${rig.server.port}\r\nOrigin: http://evil.example\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(answer).toContain(' 403 ');
    expect(answer).toContain('origin_not_allowed');
  });
});

describe('other computers', () => {
  const headers = { 'content-type': 'application/json' };
  let open: Rig;
  beforeAll(async () => {
    const environment = { PIDENTIFY_LISTEN: 'all', PIDENTIFY_HOSTS: 'Pi.local:9000, music.example' };
    open = await startRig({ environment });
  });
  afterAll(() => open.close());
  const ask = (method: 'GET' | 'PATCH', host: string, origin?: string) =>
    open.server.app.inject({
      method,
      url: '/api/settings',
      headers: { ...headers, host, ...(origin && { origin }) },
      ...(method === 'PATCH' && { payload: '{}' }),
    });
  const address = (rig: Rig) => (rig.server.app.server.address() as AddressInfo).address;

  it('reach it only when that was asked for', () => {
    expect(address(rig)).toBe('127.0.0.1');
    expect(address(open)).toBe('0.0.0.0');
  });

  it.each(['pi.local:9000', 'PI.local:9000', 'music.example'])('may ask for %s', async (host) => {
    expect((await ask('GET', host)).statusCode).toBe(200);
    expect((await ask('PATCH', host, `http://${host}`)).statusCode).toBe(200);
    expect((await ask('PATCH', host, `https://${host}`)).statusCode).toBe(200);
  });

  it.each(['pi.local', 'pi.local:9001', 'evil.example:9000'])('may not ask for %s', async (host) => {
    expect((await ask('GET', host)).json().status).toBe('host_not_allowed');
  });

  it('may not write from another site', async () => {
    expect((await ask('PATCH', 'music.example', 'https://evil.example')).json().status).toBe(
      'origin_not_allowed',
    );
    expect((await ask('PATCH', `localhost:${open.server.port}`, 'https://localhost')).statusCode).toBe(403);
  });

  it.each(['a b', 'http://pi.local', 'pi.local,', 'pi/local'])('cannot be named %j', (names) => {
    const { environment } = rig;
    const changed = { ...environment, PIDENTIFY_HOSTS: names };
    expect(serviceEnvironmentSchema.safeParse(changed).error?.issues[0].message).toBe(
      'has to be like NAME:PORT,NAME:PORT',
    );
  });
});

describe('the page', () => {
  it.each(['/', '/history', '/rip/0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9', '/settings/', '/.env', '/apiary'])(
    'is served at %s',
    async (path) => {
      const { status, headers, text } = await rig.call('GET', path);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-cache']);
      expect(text).toContain('<title>Pidentify</title>');
    },
  );

  it('files with a hash in their name are kept for ever, missing ones are not the page', async () => {
    const { headers } = await rig.call('GET', '/assets/app-1a2b.js');
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('content-type')).toContain('javascript');
    expect((await rig.call('GET', '/assets/old.js')).status).toBe(404);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fetc/passwd', '/assets/%5c..%5c..'])(
    'does not leave its folder: %s',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${rig.server.port}\r\n\r\n`);
      expect(answer).not.toMatch(/"name"|root:/);
      expect(answer).not.toContain(' 500 ');
    },
  );

  it('has a policy that runs our own scripts only, and works without https', async () => {
    const { headers } = await rig.call('GET', '/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toMatch(/connect-src 'self' ws:/);
    expect(policy).toMatch(/media-src 'self' blob:/);
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('errors', () => {
  it.each([
    ['GET', '/api/nothing'],
    ['GET', '/api'],
    ['POST', '/history'],
    ['DELETE', '/api/config'],
  ])('%s %s is not_found in the envelope', async (method, path) => {
    const { status, json } = await rig.call(method, path);
    expect([status, json]).toEqual([
      404,
      { success: false, status: 'not_found', message: 'There is nothing at this address.' },
    ]);
  });

  it('a body that is not JSON, is empty or too large has its code', async () => {
    const type = { 'content-type': 'application/json' };
    const send = (payload: string) =>
      rig.server.app.inject({
        method: 'PATCH',
        url: '/api/settings',
        headers: { host: `127.0.0.1:${rig.server.port}`, ...type },
        payload,
      });
    expect((await send('{')).json().status).toBe('bad_request');
    expect((await send('')).json().status).toBe('bad_request');
    expect((await send(JSON.stringify({ device: 'x'.repeat(300_000) }))).json()).toMatchObject({
      status: 'payload_too_large',
    });
    expect((await send('{"__proto__": {"a": 1}}')).json().status).toBe('bad_request');
  });

  it('what is no HTTP at all, or a broken address, gets an envelope too', async () => {
    expect(await raw('HELLO\r\n\r\n')).toContain('bad_request');
    const host = `Host: 127.0.0.1:${rig.server.port}`;
    const broken = await raw(`GET /api/history/%zz HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(broken).toContain('"status":"bad_request"');
  });
});

describe('a server on a small computer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is ready however long its parts take to load', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const app = await createApp({ logLevel: 'silent', webFolder: null, names: [] });
    const loaded = Promise.withResolvers<void>();
    app.register(() => loaded.promise);
    const ready = app.ready();
    await vi.advanceTimersByTimeAsync(60_000);
    loaded.resolve();
    await ready;
    await app.close();
  });
});
