import {
  audioDataSchema,
  envelopeOf,
  envelopeSchema,
  ripSchema,
  type SaveRequest,
  saveAnswerSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import { ApiError, ask } from './request.ts';

type Options = { id: string; signal?: AbortSignal };

const ripPath = (id: string) => `/api/rip/${encodeURIComponent(id)}`;

const fetchRip = ({ id, signal }: Options) => ask({ path: ripPath(id), answer: ripSchema, signal });

/** Cuts the entry's sound out of the rolling buffer; cuts it anew when there is a take already. */
export const startRip = ({ id }: { id: string }) =>
  ask({ path: `${ripPath(id)}/start`, method: 'POST', answer: envelopeSchema });

/**
 * The take of an entry; cuts it first when that has not been done, and once more when it was cut while the track still
 * played: then the rest of it is in the buffer by now.
 */
export async function openRip({ id, signal }: Options) {
  const found = await fetchRip({ id, signal }).catch((thrown: unknown) => {
    if (!(thrown instanceof ApiError && thrown.code === 'rip_not_found')) throw thrown;
    return null;
  });
  const lacksEnd = found?.take?.complete === false && Boolean(found.history_entry?.ended_at);
  if (found && !lacksEnd) return found;
  await startRip({ id });
  return fetchRip({ id, signal });
}

/** `parts` medians of |sample|, 0 to 1, of equally long stretches of the take. */
export const fetchAudioData = ({ id, parts, signal }: Options & { parts: number }) =>
  ask({ path: `${ripPath(id)}/audio-data?chart_parts=${parts}`, answer: audioDataSchema, signal });

export const takeAudioUrl = ({ id, version }: { id: string; version: string }) =>
  `${ripPath(id)}/audio.flac?v=${encodeURIComponent(version)}`;

/** Writes the trimmed take into the music library; `data` is the path of the file. */
export const saveRip = ({ id, save }: { id: string; save: SaveRequest }) =>
  ask({ path: `${ripPath(id)}/save`, method: 'POST', body: save, answer: saveAnswerSchema });

/** Hands a picture to the server; `data` is the web address under which it is served. */
export const uploadArtwork = ({ picture }: { picture: Blob }) =>
  ask({ path: '/api/artwork', method: 'POST', body: picture, answer: envelopeOf(z.string()) });
