import {
  apiConfigSchema,
  envelopeSchema,
  healthSchema,
  lyricsSchema,
  statusSchema,
} from '@pidentify/contracts';
import { ask } from './request.ts';

type Options = { signal?: AbortSignal };

export const fetchConfig = ({ signal }: Options = {}) =>
  ask({ path: '/api/config', answer: apiConfigSchema, signal });

export const fetchStatus = ({ signal }: Options = {}) =>
  ask({ path: '/api/status', answer: statusSchema, signal });

export const fetchHealth = ({ signal }: Options = {}) =>
  ask({ path: '/api/health', answer: healthSchema, signal });

/** Of the track that plays. @throws {ApiError} `lyrics_not_found`, `lyrics_unavailable`, `no_track` */
export const fetchLyrics = ({ signal }: Options = {}) =>
  ask({ path: '/api/lyrics', answer: lyricsSchema, signal });

/** Ends the pause before the next scan. */
export const scanNow = () => ask({ path: '/api/scan-now', method: 'POST', answer: envelopeSchema });
