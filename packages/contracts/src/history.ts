import { z } from 'zod';
import { entryIdSchema, instantSchema, uuidSchema } from './time.ts';
import { identifiedTrackSchema, trackFactsSchema } from './track.ts';

/** Envelope of most answers. */
export const envelopeSchema = z.object({
  success: z.boolean(),
  status: z.string(),
  message: z.string(),
});
export type Envelope = z.infer<typeof envelopeSchema>;
export function envelopeOf<T extends z.ZodType>(data: T) {
  return envelopeSchema.extend({ data });
}

export const entryTrackSchema = trackFactsSchema.extend({
  track_guid: z.string(),
  last_fm: z.record(z.string(), z.unknown()).nullish(),
});

/** One play in the history. */
export const entrySchema = z.object({
  entry_id: z.string(),
  track_guid: z.string(),
  detected_at: instantSchema,
  started_at: instantSchema.nullish(),
  ended_at: instantSchema.nullish(),
  is_manual: z.boolean().nullish(),
  /** Not heard: it must have been between two that were. */
  inferred: z.boolean().nullish(),
  saved_temp_buffer: z.boolean(),
  saved_to_library: z.boolean(),
  track: entryTrackSchema,
});
export type Entry = z.infer<typeof entrySchema>;

export const historyQuerySchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(10).max(100).default(20),
});

export const historyPageSchema = envelopeOf(z.array(entrySchema)).extend({
  total_count: z.number().int(),
  page: z.number().int(),
  next_page: z.number().int().nullable(),
});
export type HistoryPage = z.infer<typeof historyPageSchema>;

/** Fields left out stay as they are; null empties a field. */
export const trackPatchSchema = z.strictObject({
  duration_seconds: z.number().min(0).max(86_400).nullable().optional(),
  track_name: z.string().min(1).max(1024).optional(),
  artist_name: z.string().max(1024).nullable().optional(),
  album_name: z.string().max(1024).nullable().optional(),
  track_image: z.string().max(4096).nullable().optional(),
  artist_image: z.string().max(4096).nullable().optional(),
});
export type TrackPatch = z.infer<typeof trackPatchSchema>;

const entryIds = z.array(entryIdSchema).min(1).max(1000);
export const batchPatchSchema = z.object({ entry_ids: entryIds, data: trackPatchSchema });
export const batchDeleteSchema = z.object({ entry_ids: entryIds });

/**
 * A play as the recorder tells it. The recorder makes `entry_id`, so that telling it twice writes it
 * once; a higher `revision` of the same entry replaces its times.
 */
export const playSchema = z.object({
  entry_id: uuidSchema,
  revision: z.number().int().min(1),
  detected_at: instantSchema,
  started_at: instantSchema,
  ended_at: instantSchema.nullable(),
  track: identifiedTrackSchema,
  speed: z.number(),
  inferred: z.boolean().optional(),
});
export type Play = z.infer<typeof playSchema>;
