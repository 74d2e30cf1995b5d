import { CaptureError, type Inputs } from './input.ts';

const message =
  'The capture helper is missing: install Pidentify again. A sound file works, with the option --input file:PATH';

/** Where the capture helper is missing: no inputs, and a sentence what to do instead. */
export const noInputs: Inputs = {
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
