import { z } from 'zod';
import { shellRequestSchema } from './shell.ts';

/** What a service process reads from its environment, once, in its `main.ts`. */
export const serviceEnvironmentSchema = z.object({
  APPDATA_DIR: z.string().min(1),
  MUSIC_LIBRARY_DIR: z.string().min(1),
  REDIS_HOST: z.string().min(1),
  REDIS_PORT: z.coerce.number().int().min(1).max(65_535),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  /** `sqlite:///ABSOLUTE/PATH/database.db` */
  DB_URL: z.string().regex(/^sqlite:\/\/\//),
  /** `--input`, wins over the setting `device`. */
  PIDENTIFY_INPUT: z.string().optional(),
  /** Port the API binds; 0: any free one. */
  PIDENTIFY_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** `all`: other computers reach the page, too; a container needs it, its engine says who may come in. */
  PIDENTIFY_LISTEN: z.enum(['loopback', 'all']).default('loopback'),
  /** Names a browser may ask for besides `localhost`: `NAME` or `NAME:PORT`, separated by commas. */
  PIDENTIFY_HOSTS: z
    .string()
    .regex(/^[\w.:[\]-]*(\s*,\s*[\w.:[\]-]+)*$/, 'has to be like NAME:PORT,NAME:PORT')
    .default('')
    .transform((text) =>
      text
        .toLowerCase()
        .split(/\s*,\s*/)
        .filter((name) => name !== ''),
    ),
  /** Folder of the built web client. */
  PIDENTIFY_WEB_DIR: z.string().optional(),
  /** Random per start; a shell that knows it can tell our API from a stranger's. */
  PIDENTIFY_TOKEN: z.string().optional(),
  PIDENTIFY_CACHE_DIR: z.string().optional(),
  PULSE_SERVER: z.string().optional(),
  HTTP_WEBSOCKET_URL: z.string().optional(),
  HTTPS_WEBSOCKET_URL: z.string().optional(),
  /** Seconds between two levels. */
  LIVE_STATS_FREQUENCY: z.coerce.number().min(0.05).max(10).default(0.2),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;

/** What a service tells the supervisor over its IPC channel. */
export const serviceReportSchema = z.discriminatedUnion('report', [
  z.object({ report: z.literal('ready'), port: z.number().int().optional() }),
  z.object({ report: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type ServiceReport = z.infer<typeof serviceReportSchema>;

/** What the supervisor tells a service over its IPC channel; the channel's end means stop, too. */
export const serviceOrderSchema = z.object({ order: z.literal('stop') });

/** Lines on the supervisor's standard output for a shell that asked for them (`--events json`). */
export const supervisorEventSchema = z.union([
  z.object({ phase: z.string(), text: z.string(), progress: z.number().optional() }),
  z.object({
    ready: z.object({ url: z.string(), port: z.number().int(), token: z.string(), version: z.string() }),
  }),
  z.object({ failed: z.object({ code: z.string(), message: z.string(), log: z.string().optional() }) }),
  z.object({ stopped: z.object({ status: z.number().int() }) }),
  z.object({ request: shellRequestSchema }),
]);
export type SupervisorEvent = z.infer<typeof supervisorEventSchema>;

/** Lines a shell may write on the supervisor's standard input; its end means stop. */
export const supervisorCommandSchema = z.object({ cmd: z.enum(['shutdown', 'status']) });

const helperFormatSchema = z.enum(['s16', 's24-32', 's32', 'f32']);
const helperStreamSchema = z.object({
  rate: z.number().int().positive(),
  channels: z.number().int().positive(),
  format: helperFormatSchema,
});

/** What `pidentify-capture list` prints. Twin: capture-helper/src/devices.rs. */
const captureHelperListSchema = z.object({
  inputs: z.array(
    z.object({
      id: z.string().min(1),
      description: z.string(),
      /** Records what an output plays. */
      loopback: z.boolean(),
      default: z.boolean(),
      /** Null: it cannot be asked now, or runs in a format that is not recorded. */
      native: helperStreamSchema.nullable(),
    }),
  ),
});

/** Lines on the standard error of `pidentify-capture open`. Twin: capture-helper/src/events.rs. */
const captureHelperEventSchema = z.discriminatedUnion('event', [
  helperStreamSchema.extend({ event: z.literal('open') }),
  /** Frames that are missing before the next block, because its reader was too slow. */
  z.object({ event: z.literal('drop'), frames: z.number().int().positive() }),
  /** The system lost some and does not say how many. */
  z.object({ event: z.literal('overrun') }),
  z.object({ event: z.literal('stalled'), seconds: z.number() }),
  /** Nothing but zeros since it was opened. */
  z.object({ event: z.literal('silent'), seconds: z.number() }),
  /** The first sound after `silent`. */
  z.object({ event: z.literal('heard') }),
  z.object({ event: z.literal('lost'), code: z.string(), message: z.string() }),
  z.object({ event: z.literal('refused'), code: z.string(), message: z.string() }),
]);

/** Reads what the capture helper prints. Both throw on what is not understood. */
export const captureHelperParser = {
  list: (json: unknown) => captureHelperListSchema.parse(json).inputs,
  event: (json: unknown) => captureHelperEventSchema.parse(json),
};

/** run/instance.json: who holds the data folder, for a second start to point to. */
export const instanceSchema = z.object({ pid: z.number().int(), url: z.string().nullable() });
