import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { choosePort, freePort } from './ports.ts';
import { waitForApi } from './wait-for-api.ts';

describe('choosePort', () => {
  it('takes the one that was asked for when it is free', async () => {
    const port = await freePort();
    expect(await choosePort(port)).toBe(port);
    expect(await choosePort(0)).toBe(0);
    expect([8000, 0]).toContain(await choosePort(undefined));
  });

  it('refuses one that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(choosePort(port)).rejects.toMatchObject({ code: 'port_taken' });
    server.close();
  });
});

describe('waitForApi', () => {
  it('waits until the API answers 200', async () => {
    const { createServer: createHttpServer } = await import('node:http');
    let asked = 0;
    const server = createHttpServer((request, response) => {
      asked += 1;
      response.writeHead(request.url === '/api/config' && asked > 2 ? 200 : 503).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await waitForApi((server.address() as { port: number }).port);
    expect(asked).toBe(3);
    server.close();
  });

  it('has patience with an answer that takes some seconds, as the first one may on a small computer', async () => {
    const { createServer: createHttpServer } = await import('node:http');
    let asked = 0;
    const server = createHttpServer((_, response) => {
      asked += 1;
      setTimeout(() => response.writeHead(200).end(), 2_500);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await waitForApi((server.address() as { port: number }).port);
    expect(asked).toBe(1);
    server.close();
  });
});
