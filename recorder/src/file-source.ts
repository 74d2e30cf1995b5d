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
import { watchPath } from './watch-path.ts';

/** Frames are handed over so often; between two of these the file sleeps. */
const paceMs = 100;
/** What was missed for longer than this, because the process was not there, is left out: it was not heard. */
const missedMs = 5000;
const soundFile = /\.(flac|mp3|ogg|oga|opus|wav|wave|m4a|mp4|aac)$/i;

export type FileSourceOptions = {
  /** A sound file, or a folder whose sound files are played in the order of their names. */
  path: string;
  /**
   * Wall clock at which the first frame was played: in the past when a crash interrupted it. Asked for when there is
   * something to play.
   */
  startedMs(): number;
  /** Wall clock, ms. */
  now(): number;
  decodeExternally?: DecodeExternally;
  /** A file of the folder that cannot be read; the others are played. */
  onProblem(message: string): void;
};

type Played = { endMs: number };

/**
 * Plays sound files in real time, as if they came from a turntable, each in its own format. Where there is nothing to
 * play yet it waits until there is.
 */
export function createFileSource(options: FileSourceOptions): CaptureSource {
  const stop = new AbortController();
  const opened = Promise.withResolvers<InputInfo>();
  let receive: (bytes: Uint8Array, arrival: Arrival) => void = () => undefined;
  let tell: (event: CaptureEvent) => void = () => undefined;
  let current: InputInfo | null = null;
  /** Ends the wait for something to play; null: there has been none, or it is over. */
  let endWait: (() => void) | null = null;
  let playing: Promise<void> = Promise.resolve();

  /** A file begins: the first one opens the source, a later one may change the format. */
  function begin(input: InputInfo): void {
    const changed =
      current !== null &&
      (current.sampleRate !== input.sampleRate ||
        current.channels !== input.channels ||
        current.sampleFormat !== input.sampleFormat);
    if (current === null && endWait) tell({ kind: 'back', input });
    else if (current === null) opened.resolve(input);
    else if (changed) tell({ kind: 'format', input });
    current = input;
    endWait?.();
    endWait = null;
  }

  async function play(): Promise<void> {
    let sign = Promise.withResolvers<void>();
    while (!(await tryToPlay())) {
      endWait ??= watchPath(options.path, {
        onSign: () => sign.resolve(),
        onTrouble: (error) => options.onProblem(`${options.path} cannot be watched: ${error}`),
      });
      await unlessStopped(sign.promise);
      sign = Promise.withResolvers<void>();
    }
  }

  /** False when there is nothing to play, which has been told. */
  async function tryToPlay(): Promise<boolean> {
    try {
      await playAll();
      return true;
    } catch (error) {
      if (stop.signal.aborted || !(error instanceof CaptureError)) throw error;
      if (endWait) tell({ kind: 'absent', error });
      else opened.reject(error);
      return false;
    }
  }

  async function playAll(): Promise<void> {
    const files = await filesOf(options.path);
    const problems: string[] = [];
    let endMs: number | null = null;
    for (const path of files) {
      try {
        ({ endMs } = await playFile(path, endMs));
      } catch (error) {
        if (stop.signal.aborted) return;
        problems.push(`${path} cannot be played: ${reasonOf(error)}`);
        options.onProblem(problems[problems.length - 1]);
      }
    }
    if (endMs === null && current === null) throw nothingToPlay(options.path, problems);
    // Everything was over before a restart: there is still an input, and it has ended.
    if (current === null)
      begin(inputOf(options.path, { sampleRate: 44_100, channels: 2, bitsPerSample: 16 }));
    tell({ kind: 'ended' });
  }

  async function playFile(path: string, afterMs: number | null): Promise<Played> {
    const { now, decodeExternally } = options;
    const file = await openAudioFile(path, decodeExternally ? { decodeExternally } : {});
    try {
      const { sampleRate, durationSeconds } = file;
      const dueMs = afterMs ?? options.startedMs();
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
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, wait);
    try {
      await unlessStopped(promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws as soon as it is closed. */
  async function unlessStopped(wait: Promise<void>): Promise<void> {
    stop.signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const aborted = () => reject(stop.signal.reason);
    stop.signal.addEventListener('abort', aborted, { once: true });
    try {
      await Promise.race([wait, promise]);
    } finally {
      stop.signal.removeEventListener('abort', aborted);
    }
  }

  return {
    open() {
      playing = play().catch((error: unknown) => {
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
      endWait?.();
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
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw isMissing
      ? new CaptureError(
          'input_not_found',
          `There is no file or folder ${path}: check the path; it is played as soon as it is there.`,
        )
      : new CaptureError('input_unusable', `${path} cannot be played: ${reasonOf(error)}.`);
  }
}

/** What to say of a path with no sound file, or with none that can be played. */
function nothingToPlay(path: string, problems: readonly string[]): CaptureError {
  const [first] = problems;
  const others = problems.length > 1 ? ` Nor can any other sound file in ${path}.` : '';
  return new CaptureError(
    'input_unusable',
    first ? `${first}.${others}` : `There is no sound file in the folder ${path}: put one there.`,
  );
}

/** Why a file cannot be played and what to do, as the end of a sentence. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code } = (cause ?? error) as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'Pidentify may not read it; change its permissions';
  const reason = message.replace(/^The sound file cannot be read: /, '').replace(/\.$/, '');
  return `${reason.replace(/^(It|The|This) /, (word) => word.toLowerCase())}; choose another one`;
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
