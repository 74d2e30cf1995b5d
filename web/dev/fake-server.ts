import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type LiveMessage, liveMessageSchema } from '@pidentify/contracts';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerApi } from './fake-api.ts';
import { type ScenarioName, scenarioNames, scenarios, type World } from './scenarios.ts';

const levelEveryMs = 200;
const built = resolve(import.meta.dirname, '../dist');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** What the real server is to send, so that the page is tried under it. */
const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'";

/**
 * A stand-in for the server while the pages are worked on: answers by the contracts, from one made-up
 * world, and serves the built client. For development and screenshots only.
 */
export async function startFakeServer({ scenario, port }: { scenario: ScenarioName; port: number }) {
  const world: World = scenarios[scenario]();
  const server = createServer((request, response) => {
    // Ending this server then never cuts off a connection that someone keeps for later.
    response.shouldKeepAlive = false;
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (world.hangs && url.pathname.startsWith(world.hangs)) return;
    const work = url.pathname.startsWith('/api/')
      ? answerApi({ world, request, response, url })
      : serveFile(response, url.pathname);
    work.catch((error) => {
      console.error(request.method, url.pathname, error);
      response.writeHead(500).end();
    });
  });
  const sockets = new WebSocketServer({ server, path: '/api/live' });
  sockets.on('connection', (socket) => serveLive(socket, world));
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function serveLive(socket: WebSocket, world: World): void {
  if (!world.isLive || world.fails === '/api/') {
    socket.close();
    return;
  }
  const tell = (message: LiveMessage) => socket.send(JSON.stringify(liveMessageSchema.parse(message)));
  tell({ type: 'status', status: world.status });
  tell({ type: 'health', health: world.health });
  const { loudness, cutsAfterMs } = world;
  const levels = setInterval(() => {
    if (loudness === null) return;
    const rms = loudness * (0.75 + 0.5 * Math.random());
    tell({
      type: 'level',
      level: { at: new Date().toISOString(), rms, peak: Math.min(1, rms * (2.2 + Math.random())) },
    });
  }, levelEveryMs);
  if (cutsAfterMs !== null) setTimeout(() => socket.terminate(), cutsAfterMs);
  socket.on('close', () => clearInterval(levels));
}

async function serveFile(response: ServerResponse<IncomingMessage>, pathname: string): Promise<void> {
  const extension = extname(pathname);
  const file = extension ? join(built, normalize(pathname)) : join(built, 'index.html');
  if (!file.startsWith(built)) throw new Error(`${pathname} is outside the client`);
  response.writeHead(200, {
    'content-type': types[extension || '.html'] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
  });
  response.end(await readFile(file));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'confirmed' },
      port: { type: 'string', default: '4800' },
    },
  });
  const scenario = scenarioNames.find((name) => name === values.scenario);
  if (!scenario) throw new Error(`--scenario is one of ${scenarioNames.join(', ')}`);
  const { url } = await startFakeServer({ scenario, port: Number(values.port) });
  console.log(url);
}
