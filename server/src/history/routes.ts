import {
  batchDeleteSchema,
  batchPatchSchema,
  entryIdSchema,
  envelopeSchema,
  historyPageSchema,
  historyQuerySchema,
  trackPatchSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';
import type { Entries } from './entries.ts';

const params = z.object({ entry_id: entryIdSchema });
const response = { 200: envelopeSchema };

/** /api/history: the plays, and corrections of their tracks. */
export function historyRoutes(app: App, { entries }: { entries: Entries }): void {
  app.get(
    '/api/history',
    { schema: { querystring: historyQuerySchema, response: { 200: historyPageSchema } } },
    async ({ query: { page, page_size: size } }) => {
      const { entries: data, total } = await entries.list({ page, size });
      const next_page = page * size < total ? page + 1 : null;
      return { ...done('History.'), data, total_count: total, page, next_page };
    },
  );

  app.patch(
    '/api/history/batch',
    { schema: { body: batchPatchSchema, response } },
    async ({ body: { entry_ids, data } }) => {
      await entries.patch(entry_ids, data);
      return done('The entries were changed.');
    },
  );

  app.delete(
    '/api/history/batch',
    { schema: { body: batchDeleteSchema, response } },
    async ({ body: { entry_ids } }) => {
      await entries.remove(entry_ids);
      return done('The entries were removed.');
    },
  );

  app.patch(
    '/api/history/:entry_id',
    { schema: { params, body: trackPatchSchema, response } },
    async ({ params: { entry_id }, body }) => {
      await entries.patch([entry_id], body);
      return done('The entry was changed.');
    },
  );

  app.delete('/api/history/:entry_id', { schema: { params, response } }, async ({ params: { entry_id } }) => {
    await entries.remove([entry_id]);
    return done('The entry was removed.');
  });
}
