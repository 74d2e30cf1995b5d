import type { Readable } from 'node:stream';
import type { Environment, FolderQuestion, Platform } from '@pidentify/platform';

/** Everything from outside, so that tests can put the program somewhere else. */
export type Surroundings = {
  args: readonly string[];
  env: Environment;
  platform: Platform;
  home: string;
  /** Where relative paths begin. */
  cwd: string;
  stdin: Readable;
  out: (line: string) => void;
  err: (line: string) => void;
  readText: FolderQuestion['readText'];
  version: string;
  /** Longest wait for the data folder, in milliseconds. */
  diskLimitMs: number;
  /** The built web client. */
  webDir?: string;
  /** A Valkey that came with the app. */
  bundledValkey?: string;
  scripts: { busServer: string; migrate: string; server: string; recorder: string };
};
