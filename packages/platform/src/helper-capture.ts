import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createTeller, type Teller } from './capture-teller.ts';
import { createBlockReader, type HelperBlock } from './helper-blocks.ts';
import type { Environment, Platform } from './host.ts';
import {
  type Arrival,
  CaptureError,
  type CaptureQuestion,
  type CaptureSource,
  type InputInfo,
  type Inputs,
  type SampleFormat,
} from './input.ts';
import { createLossMeter } from './loss-meter.ts';

type HelperStream = { rate: number; channels: number; format: SampleFormat };
type HelperInput = {
  id: string;
  description: string;
  loopback: boolean;
  default: boolean;
  native: HelperStream | null;
};
type HelperEvent =
  | { event: 'open' | 'drop' | 'overrun' | 'stalled' | 'silent' | 'heard' }
  | { event: 'lost' | 'refused'; code: string; message: string };

/** Reads what the helper prints; the schemas are in packages/contracts. Both throw on what is not understood. */
export type HelperParser = {
  list: (json: unknown) => HelperInput[];
  event: (json: unknown) => HelperEvent;
};

/** The capture helper on this machine (capture-helper/), and the system it runs on. */
type Helper = { path: string; platform: Platform; env: Environment; parse: HelperParser };

const run = promisify(execFile);
/** The systems tell nobody that an input came back (cpal issue 373): it is tried again so often. */
const retryMs = 2_000;
const endMs = 2_000;

/** Inputs of macOS, Windows, and of a Linux without a sound server. */
export function helperInputs(helper: Helper): Inputs {
  const listInputs = async () => (await listOf(helper)).flatMap(publicFacts);
  return {
    listInputs,
    watchInputs: (receiver) => {
      let watching = true;
      void listInputs().then((inputs) => watching && receiver(inputs));
      return () => {
        watching = false;
      };
    },
    defaultInput: async () => usualInput(await listOf(helper))?.id ?? null,
    capture: (question) => createHelperCapture(helper, question),
  };
}

async function listOf({ path, env, parse }: Helper): Promise<HelperInput[]> {
  try {
    const { stdout } = await run(path, ['list'], { env: { ...env }, timeout: 10_000, windowsHide: true });
    return parse.list(JSON.parse(stdout));
  } catch {
    return []; // it cannot be run or the system has no sound: then there are no inputs
  }
}

/** The system's own choice, else the first that is no output. */
function usualInput(inputs: readonly HelperInput[]): HelperInput | undefined {
  return inputs.find((input) => input.default) ?? inputs.find(({ loopback }) => !loopback);
}

function publicFacts({ id, description, loopback, native }: HelperInput): InputInfo[] {
  if (!native) return [];
  const { rate, channels, format } = native;
  return [{ name: id, description, sampleRate: rate, channels, sampleFormat: format, isMonitor: loopback }];
}

/** One input, by its id, through every absence. */
function createHelperCapture(helper: Helper, question: CaptureQuestion): CaptureSource {
  const abort = new AbortController();
  const closed = new Promise<void>((done) => abort.signal.addEventListener('abort', () => done()));
  const teller = createTeller();
  let receiver: (bytes: Uint8Array, arrival: Arrival) => void = () => undefined;
  /** The default is looked up once: later another one may be the default, but it is not this input. */
  let name = question.name;
  let running: Promise<void> = Promise.resolve();

  async function keepOpen(): Promise<void> {
    while (!abort.signal.aborted) {
      const inputs = await listOf(helper);
      if (name === '') name = usualInput(inputs)?.id ?? '';
      const known = inputs.find(({ id }) => id === name);
      // An input need not be listed to be opened: a person may name one of ALSA's own.
      if (name === '') teller.absent(new CaptureError('no_input', nothingToRecord));
      else {
        const description = known?.description ?? name;
        const facts = { name, description, isMonitor: known?.loopback ?? false };
        const ids = inputs.map(({ id }) => id);
        await deliver({
          helper,
          question,
          facts,
          ids,
          teller,
          signal: abort.signal,
          receiver: (...all) => receiver(...all),
        });
      }
      await Promise.race([pause(retryMs), closed]);
    }
  }

  return {
    open: () => {
      running = keepOpen();
      return teller.opened;
    },
    onFrames: (given) => {
      receiver = given;
    },
    onEvent: (given) => teller.listen(given),
    close: async () => {
      receiver = () => undefined;
      teller.close();
      abort.abort();
      await running;
    },
  };
}

const nothingToRecord =
  'There is nothing to record from. Plug in an input, or try a sound file with the option --input file:PATH';

type Facts = Pick<InputInfo, 'name' | 'description' | 'isMonitor'>;

/** Runs the helper until it ends. */
async function deliver(options: {
  helper: Helper;
  question: CaptureQuestion;
  facts: Facts;
  ids: string[];
  teller: Teller;
  signal: AbortSignal;
  receiver: (bytes: Uint8Array, arrival: Arrival) => void;
}): Promise<void> {
  const { helper, question, facts, ids, teller, signal, receiver } = options;
  const child = spawn(helper.path, ['open', '--id', facts.name, ...wishes(question)], {
    env: { ...helper.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = new Promise<void>((done) => {
    child.once('close', () => done());
    child.once('error', (error) => {
      teller.absent(new CaptureError('no_input', `The capture helper cannot be run: ${error.message}`));
      done();
    });
  });
  // Its own end is told by 'close'.
  child.stdin?.on('error', () => undefined);
  const stop = () => endHelper(child);
  signal.addEventListener('abort', stop, { once: true });
  const read = createBlockReader(listener({ teller, receiver, facts }));
  child.stdout?.on('data', (piece: Buffer) => {
    try {
      read(piece);
    } catch (error) {
      teller.lost(error instanceof Error ? error.message : String(error));
      child.kill('SIGKILL');
    }
  });
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const event = eventOf(line, helper.parse);
      if (event) onEvent({ event, facts, ids, teller, platform: helper.platform });
    });
  }
  if (signal.aborted) stop();
  await ended;
  signal.removeEventListener('abort', stop);
  teller.lost(`The input "${facts.description}" went away.`);
}

/** Takes blocks: tells of missing frames, and gives what arrived the time at which it did. */
function listener(options: {
  teller: Teller;
  receiver: (bytes: Uint8Array, arrival: Arrival) => void;
  facts: Facts;
}): (block: HelperBlock) => void {
  const { teller, receiver, facts } = options;
  let stream: { input: InputInfo; meter: ReturnType<typeof createLossMeter> } | null = null;
  let expected = 0;
  /** Least difference of the two clocks: of the block that was read soonest after it had been recorded. */
  let clockOffset = Number.POSITIVE_INFINITY;
  return ({ bytes, rate, channels, format, firstFrame, frames, helperMs }) => {
    stream ??= {
      input: { ...facts, sampleRate: rate, channels, sampleFormat: format },
      meter: createLossMeter(rate),
    };
    teller.present(stream.input);
    const now = performance.now();
    clockOffset = Math.min(clockOffset, now - helperMs);
    const monotonicMs = helperMs + clockOffset;
    if (firstFrame > expected) teller.overrun(firstFrame - expected);
    // Dropped frames are known; the meter finds those that the system lost before they were numbered.
    const missing = stream.meter.count(firstFrame + frames - expected, monotonicMs);
    if (missing > 0) teller.overrun(missing);
    expected = firstFrame + frames;
    receiver(bytes, { monotonicMs, wallMs: Date.now() - (now - monotonicMs) });
  };
}

/** Null for a line of the system's own, such as ALSA's remarks. */
function eventOf(line: string, parse: HelperParser): HelperEvent | null {
  try {
    return parse.event(JSON.parse(line));
  } catch {
    return null; // it is for whoever reads a terminal
  }
}

function onEvent(options: {
  event: HelperEvent;
  facts: Facts;
  ids: string[];
  teller: Teller;
  platform: Platform;
}): void {
  const { event, facts, ids, teller, platform } = options;
  if (event.event === 'stalled') teller.lost(`The input "${facts.description}" delivers nothing.`);
  if (event.event === 'lost') teller.lost(`The input "${facts.description}" went away: ${event.message}`);
  // Only macOS gives zeros to a program that may not use the microphone.
  if (platform === 'macos' && event.event === 'silent') teller.remark(mayNotListen);
  if (platform === 'macos' && event.event === 'heard') teller.remark(null);
  if (event.event === 'refused') teller.absent(refusal(event, facts, ids));
}

const mayNotListen =
  'The input delivers only silence. If something plays: System Settings, Privacy & Security, Microphone, allow Pidentify.';

function refusal(event: { code: string; message: string }, facts: Facts, ids: string[]): CaptureError {
  if (event.code !== 'not_found')
    return new CaptureError(
      'no_input',
      `The input "${facts.description}" cannot be opened: ${event.message}`,
    );
  const known =
    ids.length > 0
      ? `There are: ${ids.join(', ')}. Choose one of them, or plug it in.`
      : 'There are no inputs at all: plug it in.';
  return new CaptureError('input_not_found', `There is no input named "${facts.name}". ${known}`, ids);
}

function wishes({ sampleRate, channels, sampleFormat }: CaptureQuestion): string[] {
  return [
    ...(sampleRate ? ['--rate', String(sampleRate)] : []),
    ...(channels ? ['--channels', String(channels)] : []),
    ...(sampleFormat ? ['--format', sampleFormat] : []),
  ];
}

/** It ends with its standard input; one that hangs in the system's sound is killed. */
function endHelper(child: ChildProcess): void {
  child.stdin?.end();
  const late = setTimeout(() => child.kill('SIGKILL'), endMs);
  child.once('close', () => clearTimeout(late));
}
