import { z } from 'zod';
import { devicesSchema } from './api.ts';
import { wireErrorSchema } from './errors.ts';
import { indexHealthSchema, inputHealthSchema, serviceHealthSchema, serviceNameSchema } from './health.ts';
import { playSchema } from './history.ts';
import { providerHealthSchema } from './providers.ts';
import { takeSchema } from './rip.ts';
import { chosenFolderSchema, listeningSchema, shellRequestSchema, shellStateSchema } from './shell.ts';
import { certaintySchema, levelSchema, listenPhaseSchema, sideSchema } from './status.ts';
import { instantSchema, uuidSchema } from './time.ts';
import { identifiedTrackSchema } from './track.ts';
import {
  dropUnknownSchema,
  namedUnknownSchema,
  nameUnknownSchema,
  unknownListSchema,
  wrongTrackSchema,
} from './unknown.ts';

/** What is on the display: the track, since when, and how sure. */
export const nowPlayingSchema = z.object({
  track: identifiedTrackSchema,
  certainty: certaintySchema,
  started_at: instantSchema,
  /** When the clip that was matched began. */
  recorded_at: instantSchema,
  /** Seconds into the track at the start of that clip. */
  offset: z.number(),
  speed: z.number(),
  entry_id: uuidSchema.nullable(),
});
export type NowPlaying = z.infer<typeof nowPlayingSchema>;

/** The recorder's whole visible state; each one replaces the one before. */
export const recorderSnapshotSchema = z.object({
  phase: listenPhaseSchema,
  /** Why it does what it does, for people. */
  message: z.string(),
  now_playing: nowPlayingSchema.nullable(),
  side: sideSchema.nullish(),
  scan_ends: instantSchema.nullable(),
  next_scan: instantSchema.nullable(),
  input: inputHealthSchema,
  index: indexHealthSchema,
  providers: z.array(providerHealthSchema),
  /** What a person should look at, in sentences. */
  warnings: z.array(z.string()).nullish(),
});
export type RecorderSnapshot = z.infer<typeof recorderSnapshotSchema>;

/** Stretch of the rolling buffer to write as a take; wall-clock times. */
export const cutRequestSchema = z.object({ entry_id: uuidSchema, from: instantSchema, to: instantSchema });
export type CutRequest = z.infer<typeof cutRequestSchema>;

const done = z.object({ done: z.literal(true) });

/** Messages to whoever listens: name -> payload. Nothing is kept. */
export const busMessages = {
  'recorder.snapshot': recorderSnapshotSchema,
  'recorder.level': levelSchema,
  /** Unknown music was heard, named or removed. */
  'recorder.unknown-changed': z.object({}),
  'supervisor.services': z.array(serviceHealthSchema),
  /** Null: there is no window. */
  'supervisor.window': shellStateSchema.nullable(),
  'settings.changed': z.object({ keys: z.array(z.string()) }),
} as const;

/** Values that expire unless they are renewed: name -> payload. */
export const busValues = {
  'recorder.snapshot': recorderSnapshotSchema,
  'supervisor.services': z.array(serviceHealthSchema),
  'supervisor.window': shellStateSchema.nullable(),
} as const;

/** Requests with one answer: name -> question and answer. */
export const busRequests = {
  'recorder.scan-now': { question: z.object({}), answer: done },
  /** Pauses listening, or goes on; recording goes on in any case. */
  'recorder.listen': { question: listeningSchema, answer: done },
  'recorder.cut': { question: cutRequestSchema, answer: takeSchema },
  'recorder.devices': { question: z.object({}), answer: devicesSchema },
  /** Looks whether a music folder is there that was not: its drive may have been mounted. */
  'recorder.look': { question: z.object({}), answer: done },
  'recorder.reindex': { question: z.object({}), answer: done },
  'recorder.unknown': { question: z.object({}), answer: unknownListSchema },
  'recorder.name-unknown': { question: nameUnknownSchema, answer: namedUnknownSchema },
  'recorder.drop-unknown': { question: dropUnknownSchema, answer: done },
  /** A play was of another track: it is unlearnt, and what was heard becomes unknown. */
  'recorder.wrong-track': { question: wrongTrackSchema, answer: done },
  /** Takes `recorder.wrong-track` back. `no_plays`: what it had become under another name, which it was not. */
  'recorder.right-track': {
    question: z.object({ entry_id: uuidSchema }),
    answer: z.object({ no_plays: z.array(uuidSchema) }),
  },
  'supervisor.restart': { question: z.object({ service: serviceNameSchema }), answer: done },
  'supervisor.window': { question: shellRequestSchema, answer: done },
  /** Answered when a person has closed the dialog, which may take as long as they like. */
  'supervisor.choose-folder': { question: z.object({ from: z.string().min(1) }), answer: chosenFolderSchema },
  'server.remember': { question: playSchema, answer: done },
} as const;

/** A question on its way: the answer goes to the channel `reply`. */
export const busQuestionSchema = z.object({
  id: uuidSchema,
  reply: z.string().max(128),
  question: z.unknown(),
});
/** What comes back: the answer, or why there is none. */
export const busReplySchema = z.object({
  id: uuidSchema,
  answer: z.unknown().optional(),
  error: wireErrorSchema.optional(),
});

export type BusMessageName = keyof typeof busMessages;
export type BusMessage<N extends BusMessageName> = z.infer<(typeof busMessages)[N]>;
export type BusValueName = keyof typeof busValues;
export type BusValue<N extends BusValueName> = z.infer<(typeof busValues)[N]>;
export type BusRequestName = keyof typeof busRequests;
export type BusQuestion<N extends BusRequestName> = z.infer<(typeof busRequests)[N]['question']>;
export type BusAnswer<N extends BusRequestName> = z.infer<(typeof busRequests)[N]['answer']>;
