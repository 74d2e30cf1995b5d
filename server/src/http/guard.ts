import { PidentifyError } from '@pidentify/contracts';
import type { FastifyRequest } from 'fastify';

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets in only what was meant for us: a Host of our own against DNS rebinding, an Origin of our own
 * for whatever writes or opens a WebSocket, and no write that a plain HTML form could send.
 * @throws PidentifyError host_not_allowed, origin_not_allowed, media_type_not_allowed
 */
export function createGuard({ port }: { port: () => number }): (request: FastifyRequest) => Promise<void> {
  return async ({ headers, method }) => {
    const hosts = ownNames.map((name) => `${name}:${port()}`);
    if (!hosts.includes(headers.host?.toLowerCase() ?? '')) throw new PidentifyError('host_not_allowed');
    const opensSocket = headers.upgrade !== undefined;
    if (reading.has(method) && !opensSocket) return;
    const { origin } = headers;
    const foreign = origin !== undefined && !hosts.some((host) => `http://${host}` === origin.toLowerCase());
    const site = headers['sec-fetch-site'];
    if (foreign || site === 'cross-site' || site === 'same-site')
      throw new PidentifyError('origin_not_allowed');
    const type = headers['content-type'];
    if (type !== undefined && isFormType(type)) throw new PidentifyError('media_type_not_allowed');
  };
}

/** The types that a browser sends to anybody without asking first (fetch.spec.whatwg.org). */
function isFormType(type: string): boolean {
  const essence = type.split(';', 1)[0].trim().toLowerCase();
  return ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].includes(essence);
}
