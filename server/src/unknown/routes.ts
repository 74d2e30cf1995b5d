import { join } from 'node:path';
import type { Bus } from '@pidentify/bus';
import {
  type DropUnknown,
  envelopeOf,
  envelopeSchema,
  namedUnknownSchema,
  PidentifyError,
  trackNamesSchema,
  unknownAnswerSchema,
  uuidSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import { isFile } from '../files/files.ts';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';

const timeoutMs = 5_000;
const params = z.object({ id: uuidSchema });
const response = { 200: envelopeSchema };

/**
 * /api/unknown: music that nobody could name; the recorder keeps it. `folder`: where it keeps the sound.
 * @throws recorder_unavailable, bus_unavailable, bus_timeout
 */
export function unknownRoutes(app: App, { bus, folder }: { bus: Bus; folder: string }): void {
  const drop = (wish: DropUnknown) => bus.ask('recorder.drop-unknown', wish, { timeoutMs });

  app.get('/api/unknown', { schema: { response: { 200: unknownAnswerSchema } } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { ...done('Unknown tracks.'), data: await bus.ask('recorder.unknown', {}, { timeoutMs }) };
  });

  // `id` is of a hearing, so that the sound never changes under its address.
  app.get('/api/unknown/:id/sound', { schema: { params } }, async ({ params: { id } }, reply) => {
    const file = `${id.toLowerCase()}.flac`;
    if (!(await isFile(join(folder, file)))) throw new PidentifyError('sound_not_found');
    reply.type('audio/flac').header('cache-control', 'private, no-cache');
    return reply.sendFile(file, folder, { contentType: false });
  });

  app.post(
    '/api/unknown/:id/name',
    { schema: { params, body: trackNamesSchema, response: { 200: envelopeOf(namedUnknownSchema) } } },
    async ({ params: { id }, body: names }) => ({
      ...done('The track was named.'),
      data: await bus.ask('recorder.name-unknown', { id, names }, { timeoutMs }),
    }),
  );

  app.delete('/api/unknown', { schema: { response } }, async () => {
    await drop({ id: null, what: 'group' });
    return done('All unknown tracks were deleted.');
  });

  app.delete('/api/unknown/sound', { schema: { response } }, async () => {
    await drop({ id: null, what: 'sound' });
    return done('The sound of all unknown tracks was deleted.');
  });

  app.delete('/api/unknown/:id', { schema: { params, response } }, async ({ params: { id } }) => {
    await drop({ id, what: 'group' });
    return done('The unknown track was deleted.');
  });

  app.delete('/api/unknown/:id/sound', { schema: { params, response } }, async ({ params: { id } }) => {
    await drop({ id, what: 'sound' });
    return done('The sound of the unknown track was deleted.');
  });
}
