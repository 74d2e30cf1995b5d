import type { Platform } from './host.ts';
import { CaptureError, type Inputs } from './input.ts';

/** Systems without a capture of their own: no inputs, and a sentence what to do instead. */
export function silentInputs(platform: Platform): Inputs {
  const system = platform === 'macos' ? 'macOS' : 'Windows';
  const message = `Recording on ${system} is not there yet. Try a file: npm start -- --input file:PATH`;
  return {
    listInputs: async () => [],
    watchInputs: (receiver) => {
      receiver([]);
      return () => undefined;
    },
    defaultInput: async () => null,
    capture: () => ({
      open: async () => {
        throw new CaptureError('no_input', message);
      },
      onFrames: () => undefined,
      onEvent: () => undefined,
      close: async () => undefined,
    }),
  };
}
