import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import {
  type Config,
  type ConfigKey,
  PidentifyError,
  type Settings,
  type SettingsPatch,
  settingsOf,
} from '@pidentify/contracts';

/** Where the settings are kept. `write` replaces the file as a whole or not at all. */
export type ConfigFile = {
  read: () => Promise<{ config: Config; warnings: string[] }>;
  write: (config: Config) => Promise<void>;
};

/** The settings as this process knows them; it is the only one that writes them. */
export class SettingsKeeper {
  readonly #file: ConfigFile;
  readonly #changed: (keys: ConfigKey[]) => void;
  #config: Readonly<Config>;
  #warnings: readonly string[];
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(start: {
    file: ConfigFile;
    config: Config;
    warnings: string[];
    changed: (keys: ConfigKey[]) => void;
  }) {
    this.#file = start.file;
    this.#config = Object.freeze(start.config);
    this.#warnings = start.warnings;
    this.#changed = start.changed;
  }

  /** Reads the file. `changed` is called with the keys of each change, after it is on the disk. */
  static async open(options: {
    file: ConfigFile;
    changed: (keys: ConfigKey[]) => void;
  }): Promise<SettingsKeeper> {
    return new SettingsKeeper({ ...options, ...(await options.file.read()) });
  }

  get config(): Readonly<Config> {
    return this.#config;
  }

  /** Sentences for people on what in the file could not be used. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Everything but the secrets. */
  settings(): Settings {
    return settingsOf(this.#config);
  }

  /**
   * Changes some settings; one change after the other.
   * @throws PidentifyError setting_invalid naming the key, nothing changed
   */
  async patch(patch: SettingsPatch): Promise<Settings> {
    const { old_password, new_password, ...values } = patch;
    if (old_password !== undefined || new_password !== undefined) {
      throw new PidentifyError('setting_invalid', 'new_password: a password cannot be set yet.');
    }
    if (values.music_folders) await refuseUnreadable(values.music_folders);
    const write = this.#lastWrite.then(() => this.#write(values));
    // A failed write is told to whoever asked for it, and must not fail the next one.
    this.#lastWrite = Promise.allSettled([write]);
    await write;
    return this.settings();
  }

  async #write(values: Partial<Config>): Promise<void> {
    const before = this.#config;
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const next: Config = { ...before, ...Object.fromEntries(given) };
    const keys = (Object.keys(next) as ConfigKey[]).filter(
      (key) => JSON.stringify(next[key]) !== JSON.stringify(before[key]),
    );
    if (keys.length === 0) return;
    await this.#file.write(next);
    this.#config = Object.freeze(next);
    // What could not be used has been replaced by what is.
    this.#warnings = [];
    this.#changed(keys);
  }
}

async function refuseUnreadable(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const problem = await problemWith(folder);
    if (problem) throw new PidentifyError('setting_invalid', `music_folders: ${folder} ${problem}.`);
  }
}

async function problemWith(folder: string): Promise<string | null> {
  if (!isAbsolute(folder) || folder.includes('\0')) return 'is not the full path of a folder';
  try {
    if (!(await stat(folder)).isDirectory()) return 'is not a folder';
    await access(folder, constants.R_OK | constants.X_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : 'cannot be read';
  }
}
