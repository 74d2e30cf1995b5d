import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { PidentifyError } from '@pidentify/contracts';
import type { FastifyInstance } from 'fastify';

const forEver = 'public, max-age=31536000, immutable';

/**
 * Serves the built web client: its files by name, and for every other address outside /api its page,
 * which knows addresses of its own. With no folder only `reply.sendFile` is there, for takes and pictures.
 */
export async function serveWebClient(
  app: FastifyInstance,
  { folder }: { folder: string | null },
): Promise<void> {
  const named = folder && join(folder, 'assets') + sep;
  await app.register(fastifyStatic, {
    ...(folder ? { root: folder, wildcard: true } : { serve: false }),
    index: 'index.html',
    dotfiles: 'ignore',
    cacheControl: false,
    suppressWarning: true,
    setHeaders(reply, path) {
      if (!folder || !path.startsWith(folder)) return;
      // The builder puts a hash of the content into the names under assets/.
      reply.header('cache-control', named && path.startsWith(named) ? forEver : 'no-cache');
    },
  });
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const isPage = !/^\/(api|assets)(\/|$)/.test(path);
    if (!folder || !reads || !isPage || request.ws) throw new PidentifyError('not_found');
    return reply.sendFile('index.html', folder);
  });
}
