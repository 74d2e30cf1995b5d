import {
  envelopeOf,
  envelopeSchema,
  namedUnknownSchema,
  type TrackNames,
  unknownAnswerSchema,
} from '@pidentify/contracts';
import { ask } from './request.ts';

type Options = { signal?: AbortSignal };

/** Music that nobody could name, the newest first. */
export const fetchUnknown = ({ signal }: Options = {}) =>
  ask({ path: '/api/unknown', answer: unknownAnswerSchema, signal });

/** Names a group; a play is written for each time it was heard. @throws {ApiError} `unknown_not_found` */
export const nameUnknown = ({ id, names }: { id: string; names: TrackNames }) =>
  ask({
    path: `/api/unknown/${encodeURIComponent(id)}/name`,
    method: 'POST',
    body: names,
    answer: envelopeOf(namedUnknownSchema),
  });

/** Deletes a group, or only the sound of its hearings; `id` null: of all of them. */
export function deleteUnknown({ id, what }: { id: string | null; what: 'group' | 'sound' }) {
  const parts = ['/api/unknown', id === null ? '' : encodeURIComponent(id), what === 'sound' ? 'sound' : ''];
  return ask({ path: parts.filter(Boolean).join('/'), method: 'DELETE', answer: envelopeSchema });
}

/** Address of the sound of a hearing, as FLAC. */
export const unknownSoundUrl = (id: string) => `/api/unknown/${encodeURIComponent(id)}/sound`;
