import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { patientAnswer } from './patient-answer.ts';

const schema = z.object({ path: z.string().nullable() });
let app: FastifyInstance;
let asked: PromiseWithResolvers<z.infer<typeof schema>>;
let url: string;
beforeEach(async () => {
  asked = Promise.withResolvers();
  app = fastify({ forceCloseConnections: true });
  app.post('/', async (_, reply) => {
    reply.type('application/json');
    return patientAnswer({ asked: asked.promise, schema, everyMs: 50 });
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const ask = () => fetch(url, { method: 'POST' });

describe('an answer that may take long', () => {
  it('is a usual one when it comes at once, and so is a refusal', async () => {
    asked.resolve({ path: '/music' });
    expect(await (await ask()).text()).toBe('{"path":"/music"}');
    asked = Promise.withResolvers();
    asked.promise.catch(() => 'may be refused before anyone has asked');
    asked.reject(new Error('no window'));
    expect((await ask()).status).toBe(500);
  });

  it('gives signs of life until it comes, and is JSON all the same', async () => {
    const answer = await ask();
    setTimeout(() => asked.resolve({ path: null }), 200);
    const text = await answer.text();
    expect([answer.status, text.trimStart()]).toEqual([200, '{"path":null}']);
    expect(text.length - text.trimStart().length).toBeGreaterThan(2);
    expect(JSON.parse(text)).toEqual({ path: null });
  });

  it('is cut off when it fails late, and never half an answer', async () => {
    const answer = await ask();
    asked.reject(new Error('the bus is gone'));
    await expect(answer.text()).rejects.toThrow();
  });

  it('is no longer waited for by who has gone away', async () => {
    const going = new AbortController();
    const answer = await fetch(url, { method: 'POST', signal: going.signal });
    going.abort();
    await expect(answer.text()).rejects.toThrow();
    asked.resolve({ path: '/late' });
    expect(await (await ask()).json()).toEqual({ path: '/late' });
  });
});
