import { z } from 'zod';
import { envelopeOf } from './history.ts';
import { entryIdSchema, instantSchema, uuidSchema } from './time.ts';

/** One time that music was heard which nobody could name. */
export const unknownHearingSchema = z.object({
  id: uuidSchema,
  started_at: instantSchema,
  ended_at: instantSchema,
});

/** Music that sounds alike is one group, however often it was heard. */
export const unknownGroupSchema = z.object({
  id: uuidSchema,
  times_heard: z.number().int().min(1),
  first_heard: instantSchema,
  last_heard: instantSchema,
  /** Of the longest hearing. */
  seconds: z.number(),
  /** The hearing whose sound is kept and can be played; null: none is. */
  sound_id: uuidSchema.nullable(),
  /** The newest first, at most 20. */
  hearings: z.array(unknownHearingSchema),
});
export type UnknownGroup = z.infer<typeof unknownGroupSchema>;

/** The newest group first. */
export const unknownListSchema = z.object({
  groups: z.array(unknownGroupSchema),
  /** What the kept sound takes on the disk. */
  sound_bytes: z.number().int(),
});
export type UnknownList = z.infer<typeof unknownListSchema>;
/** Answer of GET /api/unknown. */
export const unknownAnswerSchema = envelopeOf(unknownListSchema);

const name = z.string().trim().max(1024);

/** What a person calls an unknown track; empty texts count as not known. */
export const trackNamesSchema = z.strictObject({
  track_name: name.min(1),
  artist_name: name.nullish(),
  album_name: name.nullish(),
  track_no: z.number().int().min(1).max(9999).nullish(),
});
export type TrackNames = z.infer<typeof trackNamesSchema>;

export const nameUnknownSchema = z.object({ id: uuidSchema, names: trackNamesSchema });
/** How many plays were written. */
export const namedUnknownSchema = z.object({ plays: z.number().int() });

/** `id` null: all of them. `what`: the groups, or only their sound. */
export const dropUnknownSchema = z.object({ id: uuidSchema.nullable(), what: z.enum(['group', 'sound']) });
export type DropUnknown = z.infer<typeof dropUnknownSchema>;

/** A play that a person takes back: what the history knows of it, for a recorder that has forgotten it. */
export const wrongTrackSchema = z.object({
  entry_id: entryIdSchema,
  /** Names that providers have for the track. */
  track_ids: z.array(z.string().min(1).max(512)).max(64),
  started_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
});
export type WrongTrack = z.infer<typeof wrongTrackSchema>;
