import { pulseInputs } from './capture.linux.ts';
import { noInputs } from './capture.none.ts';
import { findCaptureHelper } from './capture-helper-path.ts';
import { type HelperParser, helperInputs } from './helper-capture.ts';
import type { Environment, Platform } from './host.ts';
import type { CaptureQuestion, CaptureSource, Inputs } from './input.ts';

/**
 * The inputs of this machine: on Linux those of the sound server, or ALSA's where none answers; elsewhere those the
 * capture helper finds.
 */
export function systemInputs(host: {
  platform: Platform;
  env: Environment;
  home: string;
  /** Pidentify's cache folder: where a clone keeps the helper that was compiled. */
  cache?: string;
  helperParser: HelperParser;
}): Inputs {
  const path = findCaptureHelper(host);
  const helper = path ? helperInputs({ ...host, path, parse: host.helperParser }) : noInputs;
  return host.platform === 'linux' ? withAlsa(pulseInputs(host), helper) : helper;
}

/** Ids of the helper's inputs on Linux begin like this; a sound server's names do not. */
const alsaPrefix = 'alsa:';

function withAlsa(server: Inputs, alsa: Inputs): Inputs {
  const listInputs = async () => {
    const inputs = await server.listInputs();
    return inputs.length > 0 ? inputs : alsa.listInputs();
  };
  return {
    listInputs,
    watchInputs: (receiver) =>
      server.watchInputs((inputs) => {
        if (inputs.length > 0) receiver(inputs);
        else void alsa.listInputs().then(receiver);
      }),
    defaultInput: async () => (await server.defaultInput()) ?? alsa.defaultInput(),
    capture: (question) => {
      if (question.name.startsWith(alsaPrefix)) return alsa.capture(question);
      return question.name === '' ? captureUsual({ server, alsa, question }) : server.capture(question);
    },
  };
}

/** Decides at its opening whose default input is taken: the sound server's, unless only ALSA has one. */
function captureUsual(options: { server: Inputs; alsa: Inputs; question: CaptureQuestion }): CaptureSource {
  const { server, alsa, question } = options;
  const receivers: Array<(source: CaptureSource) => void> = [];
  let source: CaptureSource | null = null;
  let isClosed = false;
  return {
    open: async () => {
      const isAlsa = (await server.defaultInput()) === null && (await alsa.defaultInput()) !== null;
      source = (isAlsa ? alsa : server).capture(question);
      for (const register of receivers) register(source);
      const opened = source.open();
      if (isClosed) await source.close();
      return opened;
    },
    onFrames: (receiver) => void receivers.push((given) => given.onFrames(receiver)),
    onEvent: (receiver) => void receivers.push((given) => given.onEvent(receiver)),
    close: async () => {
      isClosed = true;
      await source?.close();
    },
  };
}
