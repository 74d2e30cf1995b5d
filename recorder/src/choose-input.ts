import { resolve } from 'node:path';
import type { DecodeExternally } from '@pidentify/audio';
import type { CaptureSource, Inputs } from '@pidentify/platform';
import { createFileSource } from './file-source.ts';
import type { RecorderSettings } from './settings.ts';
import { createMemoWriter, readMemo, type Store } from './store.ts';

const filePrefix = 'file:';

type ChooseOptions = {
  inputs: Inputs;
  store: Store;
  /** Names this start of the whole program; a file goes on where it was only within one. */
  session: string;
  now(): number;
  decodeExternally: DecodeExternally;
  onProblem(message: string): void;
};

/** The source that a name stands for: `file:PATH`, an input of the system, or its default one for an empty name. */
export function createInputChooser({
  inputs,
  store,
  session,
  now,
  decodeExternally,
  onProblem,
}: ChooseOptions) {
  const saveMemo = createMemoWriter(store, (error) =>
    onProblem(`where the file began could not be kept: ${error}`),
  );

  return function choose(name: string, settings: RecorderSettings): CaptureSource {
    if (!name.startsWith(filePrefix)) {
      return inputs.capture({ name, sampleRate: settings.sample_rate, channels: settings.channels });
    }
    const path = resolve(name.slice(filePrefix.length));
    return createFileSource({ path, startedMs: () => startOf(path), now, decodeExternally, onProblem });
  };

  /** A file plays in real time: when the recorder died and is back, it is where a live input would be. */
  function startOf(path: string): number {
    const memo = readMemo(store, 'file-input') as
      | { path: string; session: string; startedMs: number }
      | undefined;
    if (memo && memo.path === path && memo.session === session) return memo.startedMs;
    const startedMs = now();
    saveMemo('file-input', { path, session, startedMs });
    return startedMs;
  }
}
