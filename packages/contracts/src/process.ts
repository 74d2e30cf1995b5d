import { z } from 'zod';

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
]);
export type SupervisorEvent = z.infer<typeof supervisorEventSchema>;

/** Lines a shell may write on the supervisor's standard input; its end means stop. */
export const supervisorCommandSchema = z.object({ cmd: z.enum(['shutdown', 'status']) });
