import { z } from 'zod';
import { providerHealthSchema } from './providers.ts';
import { shellStateSchema } from './shell.ts';
import { instantSchema } from './time.ts';

export const serviceNameSchema = z.enum(['valkey', 'server', 'recorder']);
export type ServiceName = z.infer<typeof serviceNameSchema>;

/**
 * `starting`: not yet answering; `running`: answering; `restarting`: died, waits before the next try;
 * `stopping`, `stopped`: on purpose; `failed`: given up on after the limit; `external`: run by others.
 */
export const serviceStateSchema = z.enum([
  'starting',
  'running',
  'restarting',
  'stopping',
  'stopped',
  'failed',
  'external',
]);
export type ServiceState = z.infer<typeof serviceStateSchema>;

export const serviceHealthSchema = z.object({
  name: serviceNameSchema,
  state: serviceStateSchema,
  pid: z.number().int().nullable(),
  restarts: z.number().int(),
  since: instantSchema,
  /** Why it is not running, for people. */
  detail: z.string().nullish(),
});
export type ServiceHealth = z.infer<typeof serviceHealthSchema>;

/**
 * `opening`: being opened; `listening`: frames arrive; `none`: there is no input at all; `unknown`: no
 * input has the chosen name; `lost`: it went away, Pidentify waits for it to come back; `ended`: the
 * file or folder has been played to its end; `failed`: it cannot be opened.
 */
export const inputStateSchema = z.enum([
  'opening',
  'listening',
  'none',
  'unknown',
  'lost',
  'ended',
  'failed',
]);
export const inputHealthSchema = z.object({
  state: inputStateSchema,
  name: z.string().nullable(),
  description: z.string().nullish(),
  sampleRate: z.number().nullable(),
  channels: z.number().int().nullable(),
  bitsPerSample: z.number().int().nullish(),
  /** RMS of the last moment, full scale 1. */
  level: z.number().nullable(),
  /** What to do, where something is to be done. */
  message: z.string().nullish(),
  lostFrames: z.number().int().nullish(),
});
export type InputHealth = z.infer<typeof inputHealthSchema>;

/** `scanning`: looks for files; `indexing`: reads them; `ready`: knows them all; `failed`: cannot. */
export const indexStateSchema = z.enum(['starting', 'scanning', 'indexing', 'ready', 'failed']);
export const indexHealthSchema = z.object({
  state: indexStateSchema,
  tracks: z.number().int(),
  hours: z.number(),
  /** 0 to 1; 1 when ready. */
  progress: z.number(),
  current: z.string().nullish(),
  /** Files and folders that could not be read, the newest last, at most 50. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })).nullish(),
});
export type IndexHealth = z.infer<typeof indexHealthSchema>;

/** Answer of GET /api/health. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  service: z.literal('pidentify'),
  version: z.string(),
  services: z.array(serviceHealthSchema),
  input: inputHealthSchema.extend({
    /** Name that was given at the start (`PIDENTIFY_INPUT`); null: the setting `device` holds. */
    given: z.string().nullish(),
  }),
  index: indexHealthSchema,
  /** Whoever names sound, in the order in which they are asked; empty while the recorder is away. */
  providers: z.array(providerHealthSchema),
  bus: z.enum(['connected', 'connecting']),
  /** Sentences for people: settings that were not usable, folders that cannot be read. */
  warnings: z.array(z.string()),
  /** The native window's options; null: there is none. */
  window: shellStateSchema.nullish(),
});
export type Health = z.infer<typeof healthSchema>;
