import { setTimeout as pause } from 'node:timers/promises';
import { createTeller, type Teller } from './capture-teller.ts';
import { type Arrival, CaptureError, type CaptureQuestion, type CaptureSource } from './input.ts';
import { createLossMeter } from './loss-meter.ts';
import type { PulseSurroundings } from './pulse-address.ts';
import {
  bytesPerFrame,
  type PulseConnection,
  type PulseSource,
  publicFacts,
  usualSource,
} from './pulse-client.ts';
import { keepConnected } from './pulse-link.ts';

const whatToDo = 'Plug in an input, or try a sound file with the option --input file:PATH';
const noServer = `No PulseAudio or PipeWire server answers. ${whatToDo}`;
const noInput = `There is nothing to record from. ${whatToDo}`;
/** An input that runs delivers many times a second, silence included. */
const silentMs = 5_000;
const retryMs = 1_000;

type Receiver = (bytes: Uint8Array, arrival: Arrival) => void;

/**
 * `gone`: the connection is; `changed`: look again at once; `killed`: look again soon; `absent`: look again
 * after a change.
 */
type Outcome = 'gone' | 'changed' | 'killed' | 'absent';

/** One source of a PulseAudio or PipeWire server, by name, through every absence. */
export function createPulseCapture(options: {
  surroundings: PulseSurroundings;
  question: CaptureQuestion;
}): CaptureSource {
  const { surroundings, question } = options;
  const abort = new AbortController();
  const teller = createTeller();
  let receiver: Receiver = () => undefined;
  /** The default is looked up once: later another one may be the default, but it is not this input. */
  let name = question.name;
  let running: Promise<void> = Promise.resolve();

  async function use(connection: PulseConnection): Promise<void> {
    for (;;) {
      const change = connection.nextChange();
      const outcome = await listenOnce(connection);
      if (outcome === 'gone') return;
      if (outcome === 'killed') await Promise.race([change, pause(retryMs)]);
      if (outcome === 'absent' && !(await change)) return;
    }
  }

  async function listenOnce(connection: PulseConnection): Promise<Outcome> {
    if (name === '') name = (await usualSource(connection)) ?? '';
    const sources = await connection.sources();
    const source = sources.find((candidate) => candidate.name === name);
    if (source)
      return deliver({ connection, source, question, teller, receiver: (...all) => receiver(...all) });
    teller.absent(name === '' ? new CaptureError('no_input', noInput) : notFound(name, sources));
    return 'absent';
  }

  return {
    open: () => {
      const onFailure = () => {
        teller.lost('The sound server does not answer.');
        teller.absent(new CaptureError('no_input', noServer));
      };
      running = keepConnected({ surroundings, signal: abort.signal, use, onFailure });
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

/** Delivers until the stream ends or the source is no longer what it was. */
async function deliver(options: {
  connection: PulseConnection;
  source: PulseSource;
  question: CaptureQuestion;
  teller: Teller;
  receiver: Receiver;
}): Promise<Outcome> {
  const { connection, question, teller, receiver } = options;
  const source = withWishes(options.source, question);
  const input = publicFacts(source);
  const meter = createLossMeter(source.sampleRate);
  const watchdog = setTimeout(
    () => teller.lost(`The input "${input.description}" delivers nothing.`),
    silentMs,
  );
  const onBlock = (bytes: Uint8Array) => {
    const arrival = { monotonicMs: performance.now(), wallMs: Date.now() };
    watchdog.refresh();
    teller.present(input);
    const missing = meter.count(bytes.length / bytesPerFrame(input), arrival.monotonicMs);
    if (missing > 0) teller.overrun(missing);
    receiver(bytes, arrival);
  };
  const stream = await connection.record({ source, receiver: onBlock });
  teller.present(input);
  try {
    for (;;) {
      const event = await Promise.race([stream.ended, connection.nextChange()]);
      if (event === 'killed' || event === 'closed' || event === false) {
        teller.lost(`The input "${input.description}" went away.`);
        return event === 'killed' ? 'killed' : 'gone';
      }
      const now = (await connection.sources()).find(({ index }) => index === source.index);
      // One that is no longer there ends its stream by itself.
      if (now && isOther(withWishes(now, question), source)) return 'changed';
    }
  } finally {
    clearTimeout(watchdog);
    stream.stop();
  }
}

function isOther(a: PulseSource, b: PulseSource): boolean {
  return a.sampleRate !== b.sampleRate || a.channels !== b.channels || a.sampleFormat !== b.sampleFormat;
}

/** The source's own format where the settings ask for no other. */
function withWishes(source: PulseSource, { sampleRate, channels }: CaptureQuestion): PulseSource {
  return {
    ...source,
    sampleRate: sampleRate ?? source.sampleRate,
    channels: channels ?? source.channels,
    channelMap: channels && channels !== source.channels ? null : source.channelMap,
  };
}

function notFound(name: string, sources: readonly PulseSource[]): CaptureError {
  const names = sources.map((source) => source.name);
  const known =
    names.length > 0
      ? `There are: ${names.join(', ')}. Choose one of them, or plug it in.`
      : 'There are no inputs at all: plug it in.';
  return new CaptureError('input_not_found', `There is no input named "${name}". ${known}`, names);
}
