import { readFile } from 'node:fs/promises';
import type { PulseAudio, RecordStream } from 'pulseaudio.js';
import type { InputInfo, SampleFormat } from './input.ts';
import { type PulseSurroundings, pulseAddresses, pulseCookieFiles } from './pulse-address.ts';

/** Same numbers as PA_SAMPLE_FORMAT. Whatever is not here is asked for in a format that loses nothing. */
const formatNumbers: Readonly<Record<SampleFormat, number>> = {
  s16: 3,
  f32: 5,
  s32: 7,
  s24: 9,
  's24-32': 11,
};
const formatNames: Readonly<Record<number, SampleFormat>> = {
  ...Object.fromEntries(Object.entries(formatNumbers).map(([name, number]) => [number, name])),
  // The same in big-endian, for which the server swaps the bytes: f32, s32, s24, s24-32.
  6: 'f32',
  8: 's32',
  10: 's24',
  12: 's24-32',
};

const frameBytes: Readonly<Record<SampleFormat, number>> = { s16: 2, s24: 3, 's24-32': 4, s32: 4, f32: 4 };
export const bytesPerFrame = (input: InputInfo): number => frameBytes[input.sampleFormat] * input.channels;

/** Sources and changes of the server itself, such as its default source. */
const sourceAndServerEvents = 0x82;
const fullVolume = 0x10000;
const answerMs = 5_000;
/** Time between two blocks: short for the level meter, long enough to cost nothing. */
const blockSeconds = 0.08;

/** A source as the server describes it. */
export type PulseSource = InputInfo & { index: number; channelMap: number[] | null };

/** Without what only the server understands. */
export function publicFacts({ index: _, channelMap: __, ...facts }: PulseSource): InputInfo {
  return facts;
}

/** The default source; not the monitor of the output that a server makes up where there is no sound card. */
export async function usualSource(connection: PulseConnection): Promise<string | null> {
  const name = await connection.defaultSource();
  return name === null || name.startsWith('auto_null') ? null : name;
}

export type PulseStreamEnd = 'killed' | 'closed';

export type PulseConnection = {
  sources: () => Promise<PulseSource[]>;
  /** Null: none. */
  defaultSource: () => Promise<string | null>;
  /** Every block goes to `receiver` as it comes; `ended` resolves when there will be no more. */
  record: (options: {
    source: PulseSource;
    receiver: (bytes: Uint8Array) => void;
  }) => Promise<{ ended: Promise<PulseStreamEnd>; stop: () => void }>;
  /** Resolves at the next change of sources, to false when the connection is gone. */
  nextChange: () => Promise<boolean>;
  closed: Promise<void>;
  close: () => void;
};

/** Connects to the first server that answers; throws the last failure when none does. */
export async function connectPulse(surroundings: PulseSurroundings): Promise<PulseConnection> {
  // Loaded here only: the library cannot be loaded on Windows.
  const { PulseAudio } = await import('pulseaudio.js');
  const cookie = await readCookie(surroundings);
  let failure: unknown = new Error('PULSE_SERVER names no usable server');
  for (const address of pulseAddresses(surroundings)) {
    // The library types this as a path, and hands it on to createConnection, which takes both.
    const target = ('path' in address ? address.path : address) as string;
    const client = new PulseAudio({ name: 'Pidentify', id: 'com.pidentify.app' }, cookie, target);
    try {
      return await connect(client);
    } catch (error) {
      failure = error; // the next address is tried
    }
  }
  throw failure;
}

async function connect(client: PulseAudio): Promise<PulseConnection> {
  // The library's own subscription is never awaited and would end the process when it fails.
  client.removeAllListeners('newListener').removeAllListeners('removeListener');
  const gone = Promise.withResolvers<void>();
  let change = Promise.withResolvers<boolean>();
  const close = () => {
    gone.resolve();
    change.resolve(false);
    client.sock?.destroy();
  };
  client.on('error', close);
  client.on('event', () => {
    const old = change;
    change = Promise.withResolvers<boolean>();
    old.resolve(true);
  });
  try {
    await inTime(client.connect());
    await inTime(client._subscribe(sourceAndServerEvents));
  } catch (error) {
    close();
    throw error;
  }
  return {
    sources: async () => ((await inTime(client.getAllSources())) as unknown as RawSource[]).map(describe),
    defaultSource: async () => (await inTime(client.getServerInfo())).defaultSource || null,
    record: (options) => record({ client, gone: gone.promise, ...options }),
    nextChange: () => change.promise,
    closed: gone.promise,
    close,
  };
}

type RawSource = {
  index: number;
  name: string;
  description: string | null;
  sampleSpec: { format: number; rate: number; channels: number };
  channelMap: number[];
  monitor: { name: string | null };
};

function describe(raw: RawSource): PulseSource {
  return {
    index: raw.index,
    name: raw.name,
    description: raw.description || raw.name,
    sampleRate: raw.sampleSpec.rate,
    channels: raw.sampleSpec.channels,
    sampleFormat: formatNames[raw.sampleSpec.format] ?? 's16',
    isMonitor: raw.monitor.name !== null,
    channelMap: raw.channelMap,
  };
}

async function record(options: {
  client: PulseAudio;
  gone: Promise<void>;
  source: PulseSource;
  receiver: (bytes: Uint8Array) => void;
}): Promise<{ ended: Promise<PulseStreamEnd>; stop: () => void }> {
  const { client, gone, source, receiver } = options;
  const blockFrames = Math.ceil(source.sampleRate * blockSeconds);
  const stream: RecordStream = await inTime(
    client.createRecordStream({
      sampleSpec: {
        format: formatNumbers[source.sampleFormat],
        rate: source.sampleRate,
        channels: source.channels,
      },
      channelMap: source.channelMap,
      index: source.index,
      fragmentSize: blockFrames * bytesPerFrame(source),
      adjustLatency: true,
      // Never another source when this one goes away.
      noMove: true,
      // A remembered volume would change the samples.
      volume: Array(source.channels).fill(fullVolume),
      volumeSet: true,
      mutedSet: true,
      properties: { media: { name: 'Recording', role: 'production' } },
    }),
  );
  const end = Promise.withResolvers<PulseStreamEnd>();
  // 'data', not a pipe: the library drops blocks that it cannot hand on at once.
  stream.on('data', receiver);
  stream.on('killed', () => end.resolve('killed'));
  // An error says that the stream or the connection is gone, which both ends tell already.
  stream.on('error', () => end.resolve('killed'));
  gone.then(() => end.resolve('closed'));
  const stop = () => {
    stream.off('data', receiver);
    stream.destroy();
    end.resolve('closed');
  };
  return { ended: end.promise, stop };
}

/** Bytes that prove who we are; zeros where there are none: a local server knows the user anyway. */
async function readCookie(surroundings: PulseSurroundings): Promise<Buffer> {
  const length = 256;
  for (const file of pulseCookieFiles(surroundings)) {
    try {
      const cookie = await readFile(file);
      if (cookie.length === length) return cookie;
    } catch {
      // Not there, or not ours: the next one.
    }
  }
  return Buffer.alloc(length);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the sound server does not answer')), answerMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
