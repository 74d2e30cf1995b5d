import { type Config, parseConfig } from '@pidentify/contracts';
import { readConfigFile } from '@pidentify/platform';
import type { ServiceSettings } from './providers/services.ts';

/** The settings the recorder acts on; frozen, replaced as a whole when the file changes. */
export type RecorderSettings = Readonly<
  Pick<
    Config,
    | 'device'
    | 'device_offset'
    | 'sample_rate'
    | 'channels'
    | 'silence_threshold'
    | 'buffer_length_seconds'
    | 'music_folders'
    | 'unknown_sound_mb'
  > &
    ServiceSettings
>;

/** Reads config.yaml. Values that are not usable count as their defaults; the server tells the user which. */
export async function readSettings(folder: string): Promise<RecorderSettings> {
  const { config } = await readConfigFile({ dir: folder, parse: parseConfig });
  return Object.freeze(config);
}

/** Which parts of the recorder a change of settings concerns. */
export function changedParts(
  before: RecorderSettings,
  after: RecorderSettings,
): { input: boolean; folders: boolean; buffer: boolean; unknownSound: boolean } {
  const differs = (key: keyof RecorderSettings) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return {
    input: differs('device') || differs('sample_rate') || differs('channels'),
    folders: differs('music_folders'),
    buffer: differs('buffer_length_seconds'),
    unknownSound: differs('unknown_sound_mb'),
  };
}
