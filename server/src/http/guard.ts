import { PidentifyError } from '@pidentify/contracts';
import type { FastifyRequest } from 'fastify';

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a Host header names this computer itself, at whatever port. */
export function isOwnName(host = ''): boolean {
  return ownNames.includes(host.toLowerCase().replace(/:\d+$/, ''));
}

/**
 * Lets in only what was meant for us: a Host of our own against DNS rebinding, an Origin of our own
 * for whatever writes or opens a WebSocket, and no write that a plain HTML form could send.
 * @throws PidentifyError host_not_allowed, origin_not_allowed, media_type_not_allowed
 */
export function createGuard(options: {
  port: () => number;
  /** Further names with their ports, in lower case, as a browser sends them. */
  names: readonly string[];
}): (request: FastifyRequest) => Promise<void> {
  const { port, names } = options;
  return async ({ headers, method }) => {
    const own = ownNames.map((name) => `${name}:${port()}`);
    const hosts = [...own, ...names];
    if (!hosts.includes(headers.host?.toLowerCase() ?? '')) throw new PidentifyError('host_not_allowed');
    const opensSocket = headers.upgrade !== undefined;
    if (reading.has(method) && !opensSocket) return;
    const { origin } = headers;
    // A name that a person gave us may be that of a proxy, which speaks TLS in our place.
    const origins = [...hosts.map((host) => `http://${host}`), ...names.map((name) => `https://${name}`)];
    const foreign = origin !== undefined && !origins.includes(origin.toLowerCase());
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
