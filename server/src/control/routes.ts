import type { Bus } from '@pidentify/bus';
import { envelopeSchema, listeningSchema } from '@pidentify/contracts';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';

const timeoutMs = 3_000;
const response = { 200: envelopeSchema };

/** What a person asks of the recorder. @throws recorder_unavailable, bus_unavailable, bus_timeout */
export function controlRoutes(app: App, { bus }: { bus: Bus }): void {
  app.post('/api/scan-now', { schema: { response } }, async () => {
    await bus.ask('recorder.scan-now', {}, { timeoutMs });
    return done('Listening now.');
  });

  app.post('/api/listening', { schema: { body: listeningSchema, response } }, async ({ body }) => {
    await bus.ask('recorder.listen', body, { timeoutMs });
    return done(body.listening ? 'Listening again.' : 'Listening is paused.');
  });

  app.post('/api/recorder/restart', { schema: { response } }, async () => {
    await bus.ask('supervisor.restart', { service: 'recorder' }, { timeoutMs });
    return done('The recorder is being restarted.');
  });

  app.post('/api/library/look', { schema: { response } }, async () => {
    await bus.ask('recorder.look', {}, { timeoutMs });
    return done('Looking for music folders that were not there.');
  });

  app.post('/api/library/reindex', { schema: { response } }, async () => {
    await bus.ask('recorder.reindex', {}, { timeoutMs });
    return done('The music folders are being read again.');
  });
}
