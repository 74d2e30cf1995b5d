import { z } from 'zod';
import { onlineProviderSchema, onlineProviders, serviceUrlSchema } from './providers.ts';

/** A service is off until its key is given. */
const serviceKey = z
  .string()
  .max(256)
  .regex(/^[\x21-\x7e]*$/, 'has to be letters, digits and signs without spaces')
  .default('');

/**
 * The keys of config.yaml, their limits and defaults. Only keys that differ from the defaults are
 * written. Names and defaults are those of existing users' files; what follows `initial_setup_complete` is new.
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
  /** Kept for other clients and the program of before; clips are now as long as each question needs. */
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
  /** A notification of the system for each new track, where there is a window. */
  notify_new_track: z.boolean().default(false),
  /** Folders with the user's own music that are indexed besides the music library. */
  music_folders: z.array(z.string().min(1).max(4096)).max(64).default([]),
  /** Megabytes of sound of tracks that nobody could name; 0: none is kept. */
  unknown_sound_mb: z.number().int().min(0).max(1_000_000).default(500),
  /** Services that may be asked for what is not in the user's own music, first to last; the others are off. */
  provider_order: z
    .array(onlineProviderSchema)
    .max(onlineProviders.length)
    .refine((names) => new Set(names).size === names.length, { error: 'names a service twice' })
    .default([...onlineProviders]),
  /** Calls a day to each of them, at most. */
  provider_daily_budget: z.number().int().min(0).max(10_000).default(100),
  audd_token: serviceKey,
  audd_url: serviceUrlSchema.default('https://api.audd.io/'),
  acrcloud_access_key: serviceKey,
  acrcloud_access_secret: serviceKey,
  /** Of the region in which the user's project is. */
  acrcloud_url: serviceUrlSchema.default('https://identify-eu-west-1.acrcloud.com/'),
  acoustid_key: serviceKey,
  acoustid_url: serviceUrlSchema.default('https://api.acoustid.org/'),
  /** Lyrics of tracks whose file has none are asked for there: it is told title, artist, album and length. */
  lyrics_from_lrclib: z.boolean().default(false),
  lrclib_url: serviceUrlSchema.default('https://lrclib.net/'),
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

/** Secrets that a person may set but nobody may read: `has_…` tells whether one is there. */
export const writeOnlyConfigKeys = [
  'audd_token',
  'acrcloud_access_key',
  'acrcloud_access_secret',
  'acoustid_key',
] as const satisfies readonly ConfigKey[];
export type WriteOnlyConfigKey = (typeof writeOnlyConfigKeys)[number];

/** Without the secrets, which never leave the server. */
const publicShape = configSchema.omit({
  admin_password_hash: true,
  jwt_secret_key: true,
  audd_token: true,
  acrcloud_access_key: true,
  acrcloud_access_secret: true,
  acoustid_key: true,
}).shape;

/** Answer of GET and PATCH /api/settings. */
export const settingsSchema = z.object({
  ...publicShape,
  has_password: z.boolean(),
  has_audd_token: z.boolean(),
  has_acrcloud_access_key: z.boolean(),
  has_acrcloud_access_secret: z.boolean(),
  has_acoustid_key: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What may be told of a configuration: everything but the secrets, and which of those are there. */
export function settingsOf(config: Config): Settings {
  const given = Object.fromEntries(writeOnlyConfigKeys.map((key) => [`has_${key}`, config[key] !== '']));
  return settingsSchema.parse({
    ...config,
    ...given,
    has_password: config.admin_password_hash !== null,
  });
}

type PublicShape = typeof publicShape;
const patchShape = Object.fromEntries(
  Object.entries(publicShape).map(([key, schema]) => [key, schema.removeDefault().optional()]),
) as { [K in keyof PublicShape]: z.ZodOptional<ReturnType<PublicShape[K]['removeDefault']>> };

/** Body of PATCH /api/settings: any of the keys; keys that are not settings are refused. */
export const settingsPatchSchema = z.strictObject({
  ...patchShape,
  audd_token: serviceKey.removeDefault().optional(),
  acrcloud_access_key: serviceKey.removeDefault().optional(),
  acrcloud_access_secret: serviceKey.removeDefault().optional(),
  acoustid_key: serviceKey.removeDefault().optional(),
  old_password: z.string().max(1024).optional(),
  new_password: z.string().min(1).max(1024).optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
