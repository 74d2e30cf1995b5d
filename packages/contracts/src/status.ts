import { z } from 'zod';
import { instantSchema } from './time.ts';
import { trackFactsSchema } from './track.ts';

/** What the recorder is doing, a sentence a value in `listenPhaseText`. */
export const listenPhaseSchema = z.enum([
  'starting',
  'no_input',
  'paused',
  'waiting',
  'scanning',
  'resting',
  'ended',
]);
export type ListenPhase = z.infer<typeof listenPhaseSchema>;
export const listenPhaseText: Readonly<Record<ListenPhase, string>> = {
  starting: 'Starting.',
  no_input: 'There is no input to listen to.',
  paused: 'Listening is paused.',
  waiting: 'Waiting for music.',
  scanning: 'Listening to find out what plays.',
  resting: 'Knows what plays; looks again shortly.',
  ended: 'The input has ended.',
};

/** How sure a displayed track is: one answer, or answers that agree. */
export const certaintySchema = z.enum(['tentative', 'confirmed']);

export const statusTrackSchema = trackFactsSchema.extend({
  track_id: z.string(),
  track_guid: z.string().nullish(),
  /** Seconds into the track at the start of the clip that was matched. */
  offset: z.number(),
});

/** The side of a record that plays: what follows, and whether it is over. */
export const sideSchema = z.object({
  release: z.string().nullable(),
  expected: trackFactsSchema.nullable(),
  finished: z.boolean(),
});
export type SideStatus = z.infer<typeof sideSchema>;

const lastFmObject = z.record(z.string(), z.unknown());

/** Answer of GET /api/lyrics. Lines in the order of time, in ms of the track; unsynced ones are all at 0. */
export const lyricsSchema = z.object({
  synced: z.boolean(),
  lines: z.array(z.object({ startTimeMs: z.number().int(), words: z.string() })),
});
export type Lyrics = z.infer<typeof lyricsSchema>;

/** Answer of GET /api/status and message of WS /api/status/ws. */
export const statusSchema = z.object({
  success: z.boolean(),
  message: z.string(),
  recorded_at: instantSchema.nullish(),
  started_at: instantSchema.nullish(),
  rms: z.number().nullish(),
  duration_seconds: z.number().nullish(),
  track: statusTrackSchema.nullish(),
  last_fm_track: lastFmObject.nullish(),
  last_fm_artist: lastFmObject.nullish(),
  last_fm_album: lastFmObject.nullish(),
  next_scan: instantSchema.nullish(),
  scan_ends: instantSchema.nullish(),
  /** Always absent: a status is told several times a second, and kilobytes of text do not change. GET /api/lyrics has them. */
  lyrics: lyricsSchema.nullish(),
  can_skip: z.boolean(),
  /** New, not in the old program: */
  phase: listenPhaseSchema,
  certainty: certaintySchema.nullish(),
  entry_id: z.string().nullish(),
  /** Playing speed against the file: 1.018 is +1.8 %. */
  speed: z.number().nullish(),
  side: sideSchema.nullish(),
});
export type Status = z.infer<typeof statusSchema>;

/** RMS and peak of the last moment, full scale 1, over all channels. */
export const levelSchema = z.object({ at: instantSchema, rms: z.number(), peak: z.number() });
export type Level = z.infer<typeof levelSchema>;
