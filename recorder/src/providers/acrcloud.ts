/** ACRCloud, by its official API: https://docs.acrcloud.com/reference/identification-api and its list of error codes. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { earSampleRate } from '../ear.ts';
import type { Provider, ProviderAnswer, Sound, Trouble } from '../identify.ts';
import { detail, usable } from './lenient.ts';
import { callService, withoutSecrets } from './service-call.ts';
import { songTrack } from './song.ts';
import { encodeWav } from './wav.ts';

const musicSchema = z.object({
  title: z.string().trim().min(1),
  artists: z.array(z.object({ name: z.string().trim().min(1) })).min(1),
  album: detail(z.object({ name: detail(z.string()) })),
  label: detail(z.string()),
  release_date: detail(z.string()),
  duration_ms: detail(z.number().positive()),
  /** Where in the song the end of the clip is. */
  play_offset_ms: z.number(),
  /** Where in the song, and where in the clip, the part begins that they have in common. */
  db_begin_time_offset_ms: detail(z.number()),
  sample_begin_time_offset_ms: detail(z.number()),
  score: detail(z.number()),
});
type Music = z.infer<typeof musicSchema>;

const answerSchema = z.object({
  status: z.object({ code: z.number().int(), msg: z.string().nullish() }),
  metadata: z.object({ music: usable(musicSchema).nullish() }).nullish(),
});

const troubles: Readonly<Record<number, Trouble>> = {
  2004: 'sound',
  3001: 'key',
  3003: 'quota',
  3014: 'key',
  3015: 'busy',
};

/** It tells milliseconds, of a clip that may run a little fast or slow. */
const toleranceMs = 500;

type Options = { accessKey: string; accessSecret: string; url: string; now(): number };

export function acrcloud({ accessKey, accessSecret, url, now }: Options): Provider {
  const endpoint = new URL('/v1/identify', url);

  function formFor(pcm: Float32Array): FormData {
    const sample = encodeWav(pcm, earSampleRate);
    const timestamp = String(Math.floor(now() / 1000));
    const signed = ['POST', endpoint.pathname, accessKey, 'audio', '1', timestamp].join('\n');
    const form = new FormData();
    form.set('sample', new Blob([new Uint8Array(sample)], { type: 'audio/wav' }), 'clip.wav');
    form.set('sample_bytes', String(sample.length));
    form.set('access_key', accessKey);
    form.set('data_type', 'audio');
    form.set('signature_version', '1');
    form.set('timestamp', timestamp);
    form.set('signature', createHmac('sha1', accessSecret).update(signed).digest('base64'));
    return form;
  }

  return {
    name: 'acrcloud',
    limitMs: 15_000,
    async identify(sound, signal): Promise<ProviderAnswer> {
      const secrets = [accessKey, accessSecret];
      const form = formFor(sound.pcm);
      const reply = await callService({ url: endpoint, form, signal, secrets, answer: answerSchema });
      if (reply.kind !== 'reply') return reply;
      const { status, metadata } = reply.value;
      const best = [...(metadata?.music ?? [])].sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
      if (status.code === 0) return best ? matchOf(best, sound) : { kind: 'no_match' };
      if (status.code === 1001) return { kind: 'no_match' };
      return {
        kind: 'cannot_tell',
        why: withoutSecrets(`it says: ${status.msg ?? 'error'} (${status.code})`, secrets),
        trouble: troubles[status.code] ?? 'fault',
      };
    },
  };
}

function matchOf(music: Music, { startMs, endMs }: Sound): ProviderAnswer {
  const durationSeconds = music.duration_ms ? music.duration_ms / 1000 : null;
  const { db_begin_time_offset_ms: inSong, sample_begin_time_offset_ms: inClip } = music;
  const offsetMs =
    inSong != null && inClip != null ? inSong - inClip : music.play_offset_ms - (endMs - startMs);
  const track = songTrack({
    source: 'acrcloud',
    title: music.title,
    artist: music.artists.map(({ name }) => name).join(', '),
    album: music.album?.name,
    label: music.label,
    released: music.release_date,
    durationSeconds,
  });
  return {
    kind: 'match',
    match: {
      trackId: track.track_id,
      offsetSeconds: offsetMs / 1000,
      speed: 1,
      durationSeconds: track.duration_seconds ?? null,
      offsetToleranceMs: toleranceMs,
    },
    track,
  };
}
