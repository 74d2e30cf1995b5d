import { createHmac } from 'node:crypto';
import { apiConfigSchema, type Config, healthSchema, statusSchema } from '@pidentify/contracts';
import { z } from 'zod';
import type { App } from '../http/app.ts';
import type { Live } from './live.ts';
import { serveLive, serveStatus } from './sockets.ts';

/** Base addresses for WebSockets where a proxy makes them differ; empty: the same host. */
export type WebsocketUrls = { http: string; https: string };

/** 32 random bytes of the shell, in lower hex. Twin: src-tauri/shell-logic/src/probe.rs. */
const nonceSchema = z.string().regex(/^[0-9a-f]{32,64}$/);

/** What is going on: health, status, and both as they change. */
export function liveRoutes(
  app: App,
  {
    live,
    config,
    websocketUrls,
    token,
  }: {
    live: Live;
    config: () => Readonly<Config>;
    websocketUrls: WebsocketUrls;
    /** Secret of this start, known to the shell: an HMAC of what it asks proves that we know it, too. */
    token: string | null;
  },
): void {
  app.get('/api/health', { schema: { response: { 200: healthSchema } } }, async ({ headers }, reply) => {
    const nonce = nonceSchema.safeParse(headers['x-pidentify-nonce']).data;
    if (token && nonce) {
      reply.header('x-pidentify-proof', createHmac('sha256', token).update(nonce).digest('hex'));
    }
    reply.header('cache-control', 'no-store');
    return live.health();
  });

  app.get('/api/config', { schema: { response: { 200: apiConfigSchema } } }, async () => {
    const { buffer_length_seconds, temp_save_offset, initial_setup_complete } = config();
    return {
      can_skip: true,
      can_save: true,
      can_edit_history: true,
      buffer_length_seconds,
      temp_save_offset,
      initial_setup_complete,
      is_admin: true,
    };
  });

  app.get('/api/status', { schema: { response: { 200: statusSchema } } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return live.status();
  });

  const querystring = z.object({ scheme: z.enum(['http', 'https']).default('http') });
  app.get('/api/status/websocket-host', { schema: { querystring } }, async ({ query }, reply) =>
    // A JSON string: Fastify would send a bare one as text.
    reply
      .type('application/json; charset=utf-8')
      .serializer((url) => JSON.stringify(url))
      .send(websocketUrls[query.scheme]),
  );

  app.get('/api/status/ws', { websocket: true }, (socket) => serveStatus(socket, live));
  app.get('/api/live', { websocket: true }, (socket) => serveLive(socket, live));
}
