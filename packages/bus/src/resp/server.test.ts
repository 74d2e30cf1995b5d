import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RespServer, startRespServer } from './server.ts';

let server: RespServer;
beforeEach(async () => {
  server = await startRespServer({ host: '127.0.0.1', port: 0, username: 'pid', password: 'secret' });
});
afterEach(() => server.close());

async function connect(): Promise<Socket> {
  const socket = createConnection(server.port, server.host);
  await once(socket, 'connect');
  return socket;
}

const line = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

describe('startRespServer', () => {
  it('rejects when the port is taken', async () => {
    const access = { username: 'pid', password: 'secret' };
    await expect(startRespServer({ host: server.host, port: server.port, ...access })).rejects.toThrow(
      'EADDRINUSE',
    );
  });

  it('says what is wrong with the protocol and hangs up', async () => {
    const socket = await connect();
    socket.write('GET / HTTP/1.1\r\n\r\n');
    const [reply] = await once(socket, 'data');
    expect(String(reply)).toContain('-ERR Protocol error');
    await once(socket, 'close');
  });

  it('drops a subscriber that does not read, and goes on', async () => {
    const lazy = await connect();
    lazy.write(line('AUTH', 'pid', 'secret') + line('SUBSCRIBE', 'pid:message:x'));
    await once(lazy, 'data');
    lazy.pause();
    const speaker = await connect();
    let heard = '';
    speaker.on('data', (chunk) => {
      heard += chunk;
    });
    speaker.write(line('AUTH', 'pid', 'secret'));
    const megabyte = line('PUBLISH', 'pid:message:x', 'x'.repeat(1 << 20));
    for (let count = 0; count < 40 && !heard.includes(':0\r\n'); count += 1) {
      speaker.write(megabyte);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(heard).toContain(':0\r\n');
    lazy.destroy();
    speaker.destroy();
  });

  it('ends when asked to', async () => {
    const socket = await connect();
    socket.write(line('QUIT'));
    const [reply] = await once(socket, 'data');
    expect(String(reply)).toBe('+OK\r\n');
    await once(socket, 'close');
  });
});
