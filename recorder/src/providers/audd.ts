/** AudD, by its official API: https://docs.audd.io and the error codes of its own libraries (AudDMusic/audd-go). */
import { z } from 'zod';
import { earSampleRate } from '../ear.ts';
import type { Provider, ProviderAnswer, Trouble } from '../identify.ts';
import { detail } from './lenient.ts';
import { callService, withoutSecrets } from './service-call.ts';
import { songTrack } from './song.ts';
import { encodeWav } from './wav.ts';

const spotifySchema = z.object({
  duration_ms: detail(z.number().positive()),
  track_number: detail(z.number().int()),
});
const appleSchema = z.object({
  durationInMillis: detail(z.number().positive()),
  trackNumber: detail(z.number().int()),
});

const resultSchema = z.object({
  artist: z.string().trim().min(1),
  title: z.string().trim().min(1),
  album: detail(z.string()),
  release_date: detail(z.string()),
  label: detail(z.string()),
  /** Where in the song the clip is: mm:ss, or hh:mm:ss; another form counts as none. */
  timecode: detail(z.string().regex(/^(\d{1,2}:)?\d{1,3}:\d{2}$/)),
  spotify: detail(spotifySchema),
  apple_music: detail(appleSchema),
});
type Result = z.infer<typeof resultSchema>;

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), result: resultSchema.nullable() }),
  z.object({
    status: z.literal('error'),
    error: z.object({ error_code: z.number().int(), error_message: z.string().nullish() }),
  }),
]);

const troubles: Readonly<Record<number, Trouble>> = {
  300: 'sound',
  400: 'sound',
  500: 'sound',
  611: 'busy',
  900: 'key',
  901: 'quota',
  902: 'quota',
  903: 'key',
  904: 'key',
  905: 'key',
  // It has blocked this address: not asked again before tomorrow.
  19: 'quota',
  31337: 'quota',
};

/** A timecode is in whole seconds, and its description leaves open to which moment of the clip it belongs. */
const timecodeToleranceMs = 2000;
const secondsOf = (timecode: string) =>
  timecode.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);

export function audd({ token, url }: { token: string; url: string }): Provider {
  return {
    name: 'audd',
    limitMs: 15_000,
    async identify({ pcm }, signal): Promise<ProviderAnswer> {
      const form = new FormData();
      form.set('api_token', token);
      // For the length of the track, which its own answer lacks.
      form.set('return', 'apple_music,spotify');
      form.set(
        'file',
        new Blob([new Uint8Array(encodeWav(pcm, earSampleRate))], { type: 'audio/wav' }),
        'clip.wav',
      );
      const secrets = [token];
      const reply = await callService({ url: new URL(url), form, signal, secrets, answer: answerSchema });
      if (reply.kind !== 'reply') return reply;
      const { value } = reply;
      if (value.status === 'success') return value.result ? matchOf(value.result) : { kind: 'no_match' };
      const { error_code: code, error_message: message } = value.error;
      return {
        kind: 'cannot_tell',
        why: withoutSecrets(`it says: ${message ?? 'error'} (${code})`, secrets),
        trouble: troubles[code] ?? 'fault',
      };
    },
  };
}

function matchOf(result: Result): ProviderAnswer {
  const { artist, title, album, label, release_date: released, spotify, apple_music: apple } = result;
  const ms = spotify?.duration_ms ?? apple?.durationInMillis;
  const durationSeconds = ms ? ms / 1000 : null;
  const trackNo = spotify?.track_number ?? apple?.trackNumber ?? null;
  const track = songTrack({
    source: 'audd',
    title,
    artist,
    album,
    label,
    released,
    trackNo,
    durationSeconds,
  });
  return {
    kind: 'match',
    match: {
      trackId: track.track_id,
      offsetSeconds: result.timecode ? secondsOf(result.timecode) : 0,
      speed: 1,
      durationSeconds: track.duration_seconds ?? null,
      offsetToleranceMs: result.timecode ? timecodeToleranceMs : Number.POSITIVE_INFINITY,
    },
    track,
  };
}
