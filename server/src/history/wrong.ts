import type { Bus } from '@pidentify/bus';
import { entryIdSchema, envelopeSchema, PidentifyError } from '@pidentify/contracts';
import { z } from 'zod';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';
import type { Entries } from './entries.ts';

const timeoutMs = 5_000;
const params = z.object({ entry_id: entryIdSchema });
const schema = { params, response: { 200: envelopeSchema } };

/**
 * /api/history/{id}/wrong: a play was of another track. The recorder is told first: what it does can be done twice, and
 * an entry that is as it was can be told again.
 * @throws entry_not_found, recorder_unavailable, bus_unavailable, bus_timeout
 */
export function wrongTrackRoutes(app: App, { entries, bus }: { entries: Entries; bus: Bus }): void {
  app.post('/api/history/:entry_id/wrong', { schema }, async ({ params: { entry_id } }) => {
    const wrong = await entries.namesOf(entry_id);
    if (!wrong) throw new PidentifyError('entry_not_found');
    await bus.ask('recorder.wrong-track', wrong, { timeoutMs });
    await entries.takeBack(entry_id);
    return done('It was not that track.');
  });

  app.delete('/api/history/:entry_id/wrong', { schema }, async ({ params: { entry_id } }) => {
    if (!(await entries.isTakenBack(entry_id))) throw new PidentifyError('entry_not_found');
    const { no_plays } = await bus.ask('recorder.right-track', { entry_id }, { timeoutMs });
    await entries.withdraw(no_plays);
    await entries.giveBack(entry_id);
    return done('It was that track after all.');
  });
}
