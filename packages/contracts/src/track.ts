import { z } from 'zod';

const text = z.string().max(1024);

/** Web address of a picture that Pidentify itself serves, or one that an older database holds. */
export const imageUrlSchema = z.string().max(4096);

/** What is known of a track, however it was found. */
export const trackFactsSchema = z.object({
  track_name: text,
  artist_name: text.nullish(),
  album_name: text.nullish(),
  /** The file's; for one that is numbered as on a record (B1), its place on the release. */
  track_no: z.number().int().min(0).max(9999).nullish(),
  label: text.nullish(),
  released: text.nullish(),
  track_image: imageUrlSchema.nullish(),
  artist_image: imageUrlSchema.nullish(),
  duration_seconds: z.number().min(0).max(86_400).nullish(),
});
export type TrackFacts = z.infer<typeof trackFactsSchema>;

/** Who named a track: the local index, a person, or a service. */
export const trackSourceSchema = z.string().regex(/^[a-z0-9_-]{1,32}$/);

/** A track as a provider names it: `track_id` is stable within its `source`. */
export const identifiedTrackSchema = trackFactsSchema.extend({
  track_id: z.string().min(1).max(512),
  source: trackSourceSchema,
  /** The file it was recognised from, where it is one of the user's own. */
  file_path: z.string().max(4096).nullish(),
});
export type IdentifiedTrack = z.infer<typeof identifiedTrackSchema>;
