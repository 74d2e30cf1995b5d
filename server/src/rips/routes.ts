import { basename, dirname } from 'node:path';
import {
  audioDataQuerySchema,
  audioDataSchema,
  entryIdSchema,
  envelopeSchema,
  PidentifyError,
  ripSchema,
  saveAnswerSchema,
  saveRequestSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import type { Entries } from '../history/entries.ts';
import { type EntryRow, entryOf } from '../history/entry.ts';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';
import { chartOfTake } from './chart.ts';
import type { FlacWork } from './flac-work.ts';
import type { SaveRip } from './save.ts';
import { suggestedOffsets } from './stretch.ts';
import type { KeptTake, Takes } from './takes.ts';

/** Each stream holds a file and its buffers; a page with one player needs two at most. */
const mostStreams = 16;
const params = z.object({ entry_id: entryIdSchema });

/** /api/rip: from the rolling buffer to a file in the music library. */
export function ripRoutes(
  app: App,
  {
    entries,
    takes,
    flacWork,
    start,
    save,
  }: {
    entries: Entries;
    takes: Takes;
    flacWork: FlacWork;
    start: (entryId: string) => Promise<void>;
    save: SaveRip;
  },
): void {
  let streams = 0;

  async function find(entryId: string): Promise<{ entry: EntryRow; take: KeptTake }> {
    const entry = await entries.findRow(entryId);
    const take = entry && (await takes.find(entry));
    if (!take) throw new PidentifyError('rip_not_found');
    return { entry, take };
  }

  app.post(
    '/api/rip/:entry_id/start',
    { schema: { params, response: { 200: envelopeSchema } } },
    async ({ params: { entry_id } }) => {
      await start(entry_id);
      return done('The recording was cut out of the buffer.');
    },
  );

  app.get(
    '/api/rip/:entry_id',
    { schema: { params, response: { 200: ripSchema } } },
    async ({ params: { entry_id } }) => {
      const { entry, take } = await find(entry_id);
      return { history_entry: entryOf(entry), take: { ...take, ...suggestedOffsets(take, entry) } };
    },
  );

  app.get('/api/rip/:entry_id/audio.flac', { schema: { params } }, async ({ params, method }, reply) => {
    const { take } = await find(params.entry_id);
    if (method === 'GET') {
      if (streams >= mostStreams) throw new PidentifyError('too_many_streams');
      streams += 1;
      reply.raw.once('close', () => {
        streams -= 1;
      });
    }
    // A take can be cut again, so its copy has to be asked for; the ETag makes that cheap.
    reply.type('audio/flac').header('cache-control', 'private, no-cache');
    return reply.sendFile(basename(take.path), dirname(take.path), { contentType: false });
  });

  app.get(
    '/api/rip/:entry_id/audio-data',
    { schema: { params, querystring: audioDataQuerySchema, response: { 200: audioDataSchema } } },
    async ({ params: { entry_id }, query: { chart_parts: parts } }) => {
      const { take } = await find(entry_id);
      return chartOfTake({ take, parts, file: takes.chartFile(entry_id), flacWork });
    },
  );

  app.post(
    '/api/rip/:entry_id/save',
    { schema: { params, body: saveRequestSchema, response: { 200: saveAnswerSchema } } },
    async ({ params: { entry_id }, body }) => {
      const { entry, take } = await find(entry_id);
      return { ...done('The track was saved.'), data: await save({ entry, take, wish: body }) };
    },
  );
}
