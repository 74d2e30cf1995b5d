import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DecodeExternally, openAudioFile } from '@pidentify/audio';
import {
  type Arrival,
  CaptureError,
  type CaptureEvent,
  type CaptureSource,
  type InputInfo,
} from '@pidentify/platform';

/** Frames are handed over so often; between two of these the file sleeps. */
const paceMs = 100;
/** What was missed for longer than this, because the process was not there, is left out: it was not heard. */
const missedMs = 5000;
const soundFile = /\.(flac|mp3|ogg|oga|opus|wav|wave|m4a|mp4|aac)$/i;

export type FileSourceOptions = {
  /** A sound file, or a folder whose sound files are played in the order of their names. */
  path: string;
  /** Wall clock at which the first frame was played: in the past when a crash interrupted it. */
  startedMs: number;
  /** Wall clock, ms. */
  now(): number;
  decodeExternally?: DecodeExternally;
  /** A file of the folder that cannot be read; the others are played. */
  onProblem(message: string): void;
};

type Played = { endMs: number };

/** Plays sound files in real time, as if they came from a turntable, each in its own format. */
export function createFileSource(options: FileSourceOptions): CaptureSource {
  const stop = new AbortController();
  const opened = Promise.withResolvers<InputInfo>();
  let receive: (bytes: Uint8Array, arrival: Arrival) => void = () => undefined;
  let tell: (event: CaptureEvent) => void = () => undefined;
  let current: InputInfo | null = null;
  let playing: Promise<void> = Promise.resolve();

  /** A file begins: the first one opens the source, a later one may change the format. */
  function begin(input: InputInfo): void {
    const changed =
      current !== null &&
      (current.sampleRate !== input.sampleRate ||
        current.channels !== input.channels ||
        current.sampleFormat !== input.sampleFormat);
    if (current === null) opened.resolve(input);
    else if (changed) tell({ kind: 'format', input });
    current = input;
  }

  async function playAll(): Promise<void> {
    const files = await filesOf(options.path);
    let endMs = options.startedMs;
    let problem = `There is no sound file in ${options.path}.`;
    for (const path of files) {
      try {
        ({ endMs } = await playFile(path, endMs));
      } catch (error) {
        if (stop.signal.aborted) return;
        problem = `${path}: ${error instanceof Error ? error.message : String(error)}`;
        options.onProblem(problem);
      }
    }
    if (current === null && endMs === options.startedMs) throw new CaptureError('input_not_found', problem);
    // Everything was over before a restart: there is still an input, and it has ended.
    if (current === null)
      opened.resolve(inputOf(options.path, { sampleRate: 44_100, channels: 2, bitsPerSample: 16 }));
    tell({ kind: 'ended' });
  }

  async function playFile(path: string, dueMs: number): Promise<Played> {
    const { now, decodeExternally } = options;
    const file = await openAudioFile(path, decodeExternally ? { decodeExternally } : {});
    try {
      const { sampleRate, durationSeconds } = file;
      const isOver = durationSeconds !== undefined && dueMs + durationSeconds * 1000 < now() - missedMs;
      if (isOver) return { endMs: dueMs + durationSeconds * 1000 };
      begin(inputOf(options.path, file));
      const wide = current?.sampleFormat === 's24';
      const most = Math.ceil((sampleRate * paceMs) / 1000);
      let frames = 0;
      for await (const block of file.blocks()) {
        for (let from = 0; from < block[0].length; from += most) {
          const to = Math.min(block[0].length, from + most);
          const endMs = dueMs + ((frames + to) / sampleRate) * 1000;
          if (endMs < now() - missedMs) continue;
          await until(endMs);
          receive(interleave(block, { from, to, wide }), { wallMs: endMs, monotonicMs: performance.now() });
        }
        frames += block[0].length;
        stop.signal.throwIfAborted();
      }
      return { endMs: dueMs + (frames / sampleRate) * 1000 };
    } finally {
      await file.close();
    }
  }

  async function until(ms: number): Promise<void> {
    stop.signal.throwIfAborted();
    const wait = ms - options.now();
    if (wait <= 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const aborted = () => reject(stop.signal.reason);
    const timer = setTimeout(resolve, wait);
    stop.signal.addEventListener('abort', aborted, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      stop.signal.removeEventListener('abort', aborted);
    }
  }

  return {
    open() {
      playing = playAll().catch((error: unknown) => {
        if (!stop.signal.aborted) opened.reject(error);
      });
      return opened.promise;
    },
    onFrames: (receiver) => {
      receive = receiver;
    },
    onEvent: (receiver) => {
      tell = receiver;
    },
    async close() {
      stop.abort();
      await playing;
    },
  };
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    const inOrder = new Intl.Collator('en', { numeric: true });
    return names
      .filter((name) => soundFile.test(name))
      .sort(inOrder.compare)
      .map((name) => join(path, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const message =
      code === 'ENOENT' ? `There is no file or folder ${path}.` : `${path} cannot be read (${code}).`;
    throw new CaptureError('input_not_found', message);
  }
}

type FileFormat = { sampleRate: number; channels: number; bitsPerSample: number | null };

/** Lossy sound is delivered with 16 bits, as a sound card would. */
function inputOf(path: string, { sampleRate, channels, bitsPerSample }: FileFormat): InputInfo {
  const sampleFormat = (bitsPerSample ?? 16) > 16 ? 's24' : 's16';
  return { name: `file:${path}`, description: path, sampleRate, channels, sampleFormat, isMonitor: false };
}

/** Frames [from, to) of planar float, full scale 1, as interleaved little-endian integers of 16 or 24 bits. */
function interleave(
  planar: Float32Array[],
  { from, to, wide }: { from: number; to: number; wide: boolean },
): Uint8Array {
  const width = wide ? 3 : 2;
  const scale = wide ? 8_388_608 : 32_768;
  const bytes = new Uint8Array((to - from) * planar.length * width);
  let at = 0;
  for (let i = from; i < to; i += 1) {
    for (const channel of planar) {
      const value = Math.max(-scale, Math.min(scale - 1, Math.round(channel[i] * scale)));
      bytes[at] = value;
      bytes[at + 1] = value >> 8;
      if (wide) bytes[at + 2] = value >> 16;
      at += width;
    }
  }
  return bytes;
}
