import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { PidentifyError } from '@pidentify/contracts';

const limitMs = 2 * 60_000;
/** The first answer may take a small computer that long. */
const answerMs = 30_000;
const betweenMs = 50;

/** Resolves once GET /api/config answers 200; throws service_failed when it does not within 2 minutes. */
export async function waitForApi(port: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  let last = '';
  while (performance.now() < deadline) {
    last = await askConfig(port);
    if (last === '200') return;
    await pause(betweenMs);
  }
  throw new PidentifyError('service_failed', `The API does not answer (${last}).`);
}

/** The HTTP status, or why there is none. */
function askConfig(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const request = get({ host: '127.0.0.1', port, path: '/api/config', timeout: answerMs, agent: false });
  request.once('response', (response) => {
    response.resume();
    resolve(String(response.statusCode));
  });
  request.once('timeout', () => request.destroy(new Error('no answer within 30 s')));
  request.once('error', (error) => resolve(error.message));
  return promise;
}
