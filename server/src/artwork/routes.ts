import { envelopeOf, PidentifyError } from '@pidentify/contracts';
import { z } from 'zod';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';
import type { ArtworkStore } from './artwork.ts';

const longestPicture = 10 * 1024 * 1024;

/** /api/artwork: pictures by the hash of their content, so that they never change. */
export function artworkRoutes(app: App, { artwork }: { artwork: ArtworkStore }): void {
  app.get(
    '/api/artwork/:file',
    { schema: { params: z.object({ file: z.string() }) } },
    async ({ params: { file } }, reply) => {
      if (!(await artwork.has(file))) throw new PidentifyError('artwork_not_found');
      return reply.sendFile(file, artwork.folder, {
        cacheControl: true,
        maxAge: '365d',
        immutable: true,
      });
    },
  );

  app.register(async (pictures) => {
    pictures.addContentTypeParser(
      ['image/jpeg', 'image/png', 'image/webp'],
      { parseAs: 'buffer', bodyLimit: longestPicture },
      async (_request: unknown, body: Buffer) => body,
    );
    pictures.post<{ Body: unknown }>(
      '/api/artwork',
      { bodyLimit: longestPicture, schema: { response: { 200: envelopeOf(z.string()) } } },
      async ({ body }) => {
        if (!Buffer.isBuffer(body)) throw new PidentifyError('image_not_allowed', 'Send the picture itself.');
        return { ...done('The picture was kept.'), data: await artwork.keep(body) };
      },
    );
  });
}
