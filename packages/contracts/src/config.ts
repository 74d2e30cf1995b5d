import { z } from 'zod';

/**
 * The keys of config.yaml, their limits and defaults. Only keys that differ from the defaults are
 * written. Names and defaults are those of existing users' files; `music_folders` and `notify_new_track` are new.
 */
export const configSchema = z.object({
  /** Name of the input (a PulseAudio source name, or `file:PATH`); empty: the system's default. */
  device: z.string().max(4096).default(''),
  /** Seconds that the device delivers late; taken off every start time. */
  device_offset: z.number().min(-10).max(10).default(0),
  /** Hz; null: the device's own. */
  sample_rate: z.number().int().min(8000).max(192_000).nullable().default(null),
  channels: z.number().int().min(1).max(8).nullable().default(null),
  blocksize: z.number().int().min(64).max(65_536).default(8192),
  latency: z.number().min(0.01).max(10).default(1),
  /** Seconds of sound per scan. */
  duration: z.number().min(3).max(60).default(15),
  /** RMS, full scale 1, below which it is silent. */
  silence_threshold: z.number().min(0).max(1).default(0.0004),
  buffer_length_seconds: z.number().int().min(60).max(86_400).default(720),
  /** Seconds of margin on each side of a take. */
  temp_save_offset: z.number().min(0).max(600).default(30),
  last_fm_key: z.string().max(256).default(''),
  music_id_plugin: z.string().max(256).default(''),
  admin_username: z.string().min(1).max(128).default('admin'),
  /** argon2id, PHC string. */
  admin_password_hash: z.string().max(512).nullable().default(null),
  jwt_secret_key: z.string().max(512).default(''),
  initial_setup_complete: z.boolean().default(false),
  /** Folders with the user's own music that are indexed besides the music library. */
  /** A notification of the system for each new track, where there is a window. */
  notify_new_track: z.boolean().default(false),
  music_folders: z.array(z.string().min(1).max(4096)).max(64).default([]),
});
export type Config = z.infer<typeof configSchema>;
export type ConfigKey = keyof Config;

export const configKeys = Object.keys(configSchema.shape) as ConfigKey[];
export const defaultConfig: Readonly<Config> = Object.freeze(configSchema.parse({}));

/** What is wrong with one key of a config file; the default is used in its place. */
export type ConfigProblem = { key: string; message: string };

/**
 * Reads a parsed config file key by key: a bad value costs that key alone, unknown keys are kept out
 * and reported.
 */
export function parseConfig(raw: Readonly<Record<string, unknown>>): {
  config: Config;
  problems: ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  const accepted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const schema = configSchema.shape[key as ConfigKey];
    if (!Object.hasOwn(configSchema.shape, key) || !schema) {
      problems.push({ key, message: 'is not a setting of Pidentify' });
      continue;
    }
    const result = schema.safeParse(value);
    if (result.success) accepted[key] = result.data;
    else problems.push({ key, message: result.error.issues.map((issue) => issue.message).join('; ') });
  }
  return { config: configSchema.parse(accepted), problems };
}

/** Keys whose values are secrets and never leave the server. */
export const secretConfigKeys = [
  'admin_password_hash',
  'jwt_secret_key',
] as const satisfies readonly ConfigKey[];

const publicShape = configSchema.omit({ admin_password_hash: true, jwt_secret_key: true }).shape;

/** Answer of GET and PATCH /api/settings. */
export const settingsSchema = z.object({ ...publicShape, has_password: z.boolean() });
export type Settings = z.infer<typeof settingsSchema>;

type PublicShape = typeof publicShape;
const patchShape = Object.fromEntries(
  Object.entries(publicShape).map(([key, schema]) => [key, schema.removeDefault().optional()]),
) as { [K in keyof PublicShape]: z.ZodOptional<ReturnType<PublicShape[K]['removeDefault']>> };

/** Body of PATCH /api/settings: any of the keys; keys that are not settings are refused. */
export const settingsPatchSchema = z.strictObject({
  ...patchShape,
  old_password: z.string().max(1024).optional(),
  new_password: z.string().min(1).max(1024).optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
