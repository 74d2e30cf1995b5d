import { lyricsSchema, PidentifyError } from '@pidentify/contracts';
import type { App } from '../http/app.ts';
import type { Live } from '../live/live.ts';
import type { LyricsRoom } from './lyrics.ts';

/** GET /api/lyrics: of the track that plays. */
export function lyricsRoutes(app: App, { live, lyrics }: { live: Live; lyrics: LyricsRoom }): void {
  app.get('/api/lyrics', { schema: { response: { 200: lyricsSchema } } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const playing = live.playing();
    if (!playing) throw new PidentifyError('no_track');
    return lyrics.find(playing);
  });
}
