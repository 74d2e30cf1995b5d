import { z } from 'zod';
import { entrySchema, envelopeOf } from './history.ts';
import { instantSchema, uuidSchema } from './time.ts';

/** A stretch of the rolling buffer written to a FLAC file; times are of its first and last frame. */
export const takeSchema = z.object({
  entry_id: uuidSchema,
  /** Absolute path of the FLAC file. */
  path: z.string(),
  started_at: instantSchema,
  duration_seconds: z.number(),
  sample_rate: z.number().int(),
  channels: z.number().int(),
  bits_per_sample: z.number().int(),
  frames: z.number().int(),
  /** False when frames are known to be missing inside. */
  clean: z.boolean(),
  /** False when the wished stretch was not wholly in the buffer (too old, or still playing). */
  complete: z.boolean(),
});
export type Take = z.infer<typeof takeSchema>;

/** What GET /api/rip/{entry_id} adds for the trim page: seconds from the start and from the end. */
export const takeInfoSchema = takeSchema.omit({ path: true }).extend({
  start_offset: z.number(),
  end_offset: z.number(),
});
export type TakeInfo = z.infer<typeof takeInfoSchema>;

export const ripSchema = z.object({ history_entry: entrySchema.nullable(), take: takeInfoSchema.nullish() });
export type Rip = z.infer<typeof ripSchema>;

export const audioDataQuerySchema = z.object({
  chart_parts: z.coerce.number().int().min(1).max(20_000).default(1000),
});
export const audioDataSchema = z.object({ duration: z.number(), chart: z.array(z.number()) });
export type AudioData = z.infer<typeof audioDataSchema>;

export const saveRequestSchema = z.object({
  track_name: z.string().trim().min(1).max(1024),
  track_no: z.number().int().min(0).max(9999).default(1),
  album_name: z.string().trim().max(1024).default(''),
  artist_name: z.string().trim().max(1024).default(''),
  start_offset: z.number().min(0),
  end_offset: z.number().min(0),
  track_image: z.string().max(4096).nullish(),
  artist_image: z.string().max(4096).nullish(),
});
export type SaveRequest = z.infer<typeof saveRequestSchema>;
/** `data` is the path of the file that was written. */
export const saveAnswerSchema = envelopeOf(z.string());
