import { z } from 'zod';
import { healthSchema } from './health.ts';
import { levelSchema, statusSchema } from './status.ts';

/** Answer of GET /api/config. */
export const apiConfigSchema = z.object({
  can_skip: z.boolean(),
  can_save: z.boolean(),
  can_edit_history: z.boolean(),
  buffer_length_seconds: z.number(),
  temp_save_offset: z.number(),
  initial_setup_complete: z.boolean(),
  is_admin: z.boolean(),
});
export type ApiConfig = z.infer<typeof apiConfigSchema>;

/** An input that can be chosen. `id` is what the setting `device` holds. */
export const deviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  index: z.number().int(),
  max_input_channels: z.number().int(),
  default_samplerate: z.number(),
  description: z.string().nullish(),
  /** True for "what this computer plays" rather than an input socket. */
  is_monitor: z.boolean().nullish(),
  is_default: z.boolean().nullish(),
});
export type Device = z.infer<typeof deviceSchema>;
export const devicesSchema = z.array(deviceSchema);

/** Messages of WS /api/live: the whole state whenever it changes, levels in between. */
export const liveMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: statusSchema }),
  z.object({ type: z.literal('health'), health: healthSchema }),
  z.object({ type: z.literal('level'), level: levelSchema }),
  /** A history entry was added, changed or removed: lists on the screen are out of date. */
  z.object({ type: z.literal('history') }),
  /** The same for unknown music. */
  z.object({ type: z.literal('unknown') }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
