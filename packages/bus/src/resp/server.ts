import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Channels } from './channels.ts';
import { type Access, execute, type Session } from './commands.ts';
import { ProtocolError, RequestReader } from './reader.ts';
import { reply } from './reply.ts';
import { ValueStore } from './store.ts';

export type RespServerOptions = Access & {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Monotonic milliseconds; for tests. */
  now?: () => number;
};

export type RespServer = { host: string; port: number; close: () => Promise<void> };

const mostClients = 64;
/** Bytes that wait for a client that does not read; past that it is dropped. */
const mostUnread = 4 << 20;

/**
 * The stand-in for Valkey where none can be had (Windows above all): the commands that the bus uses and no
 * others, in memory, for a handful of clients. Rejects when the port is taken.
 */
export async function startRespServer(options: RespServerOptions): Promise<RespServer> {
  const { host, port, username, password, now = () => performance.now() } = options;
  const shared = { access: { username, password }, store: new ValueStore(now), channels: new Channels() };
  const sockets = new Set<Socket>();
  let lastId = 0;
  const server = createServer((socket) => {
    lastId += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve({ ...shared, socket, id: lastId });
  });
  server.maxConnections = mostClients;
  server.listen(port, host);
  await once(server, 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { host, port: (server.address() as { port: number }).port, close };
}

type Client = Pick<Session, 'access' | 'store' | 'channels' | 'id'> & { socket: Socket };

function serve({ socket, ...shared }: Client): void {
  const send = (bytes: Buffer) => {
    socket.write(bytes);
    if (socket.writableLength > mostUnread) socket.destroy();
  };
  const hearer = {
    hear: (channel: string, text: string) => send(reply.push('message', channel, reply.bulk(text))),
  };
  const session: Session = { ...shared, hearer, joined: new Set(), isTrusted: false, isEnding: false };
  const reader = new RequestReader();
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      for (const request of reader.read(chunk)) {
        if (session.isEnding) return;
        send(execute(session, request));
      }
      if (session.isEnding) socket.end();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      socket.end(reply.error('ERR', `Protocol error: ${error.message}`));
      socket.removeAllListeners('data').resume();
    }
  });
  // 'close' follows, which is where everything is cleared up.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    for (const channel of session.joined) session.channels.leave(channel, hearer);
  });
}
