/**
 * AcoustID, by its web service: https://acoustid.org/webservice. It knows whole tracks, by the fingerprint of their first two
 * minutes and their length; no sound is sent. Free for non-commercial use, at most three calls a second.
 */
import type { IdentifiedTrack } from '@pidentify/contracts';
import { z } from 'zod';
import type { Trouble, WholeTrackAnswer, WholeTrackProvider } from '../identify.ts';
import { chromaprint } from './chromaprint.ts';
import { detail, usable } from './lenient.ts';
import { callService, withoutSecrets } from './service-call.ts';
import { songTrack } from './song.ts';

const artistsSchema = z.array(z.object({ name: z.string().trim().min(1), joinphrase: detail(z.string()) }));
const groupSchema = z.object({
  title: detail(z.string()),
  type: detail(z.string()),
  secondarytypes: detail(z.array(z.string())),
});
const recordingSchema = z.object({
  /** Recordings that nobody has described have an id alone. */
  title: detail(z.string().trim()),
  duration: detail(z.number().positive()),
  artists: detail(artistsSchema),
  releasegroups: detail(usable(groupSchema)),
});
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    results: usable(z.object({ score: z.number(), recordings: usable(recordingSchema).nullish() })),
  }),
  z.object({
    status: z.literal('error'),
    error: z.object({ code: z.number().int(), message: z.string().nullish() }),
  }),
]);
type Results = Extract<z.infer<typeof answerSchema>, { status: 'ok' }>['results'];
type Recording = z.infer<typeof recordingSchema>;

/** Of the codes of acoustid-server those that are not its own failure. */
const troubles: Readonly<Record<number, Trouble>> = {
  3: 'sound',
  4: 'key',
  8: 'sound',
  12: 'key',
  14: 'busy',
  17: 'key',
};
/** Below, it is another recording that has a part in common. */
const leastScore = 0.7;
/** The lengths of one recording on different discs differ by a few seconds. */
const lengthToleranceSeconds = 10;

export function acoustid({ key, url }: { key: string; url: string }): WholeTrackProvider {
  return {
    name: 'acoustid',
    limitMs: 30_000,
    async identifyTrack({ blocks, sampleRate, durationSeconds }, signal): Promise<WholeTrackAnswer> {
      const form = new URLSearchParams({
        client: key,
        format: 'json',
        duration: String(Math.round(durationSeconds)),
        fingerprint: await chromaprint(blocks, sampleRate),
        meta: 'recordings releasegroups compress',
      });
      const lookup = new URL('/v2/lookup', url);
      const secrets = [key];
      const reply = await callService({ url: lookup, form, signal, secrets, answer: answerSchema });
      if (reply.kind !== 'reply') return reply;
      const { value } = reply;
      if (value.status === 'ok') {
        const track = bestOf(value.results, durationSeconds);
        return track ? { kind: 'match', track } : { kind: 'no_match' };
      }
      const { code, message } = value.error;
      return {
        kind: 'cannot_tell',
        why: withoutSecrets(`it says: ${message ?? 'error'} (${code})`, secrets),
        trouble: troubles[code] ?? 'fault',
      };
    },
  };
}

/** Of the recordings with the best score the one whose length fits best; null where none is described. */
function bestOf(results: Results, durationSeconds: number): IdentifiedTrack | null {
  const apart = ({ duration }: Recording) =>
    duration ? Math.abs(duration - durationSeconds) : lengthToleranceSeconds;
  const found = results
    .filter(({ score }) => score >= leastScore)
    .sort((a, b) => b.score - a.score)
    .flatMap(({ recordings }) =>
      (recordings ?? [])
        .filter((recording) => recording.title && apart(recording) <= lengthToleranceSeconds)
        .sort((a, b) => apart(a) - apart(b)),
    )[0];
  return found ? trackOf(found, durationSeconds) : null;
}

function trackOf(recording: Recording, durationSeconds: number): IdentifiedTrack {
  const groups = recording.releasegroups ?? [];
  const album = groups.find(({ type, secondarytypes }) => type === 'Album' && !secondarytypes?.length);
  const artist = (recording.artists ?? []).map(({ name, joinphrase }) => name + (joinphrase ?? '')).join('');
  return songTrack({
    source: 'acoustid',
    title: recording.title ?? '',
    artist,
    album: (album ?? groups[0])?.title,
    durationSeconds: recording.duration ?? durationSeconds,
  });
}
