import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AudioFile, openAudioFile } from '@pidentify/audio';
import type { Source, SourceHandlers } from './source.ts';

/** Frames are handed over so often; between two of these the file sleeps. */
const paceMs = 100;
const soundFile = /\.(flac|mp3|ogg|oga|opus|wav|wave|m4a|mp4|aac)$/i;

type FileSourceOptions = SourceHandlers & {
  /** A sound file, or a folder whose sound files are played in the order of their names. */
  path: string;
  /** Wall clock at which the first frame was played: in the past when a crash interrupted it. */
  startedMs: number;
  /** Wall clock, ms. */
  now(): number;
  decodeExternally?: NonNullable<Parameters<typeof openAudioFile>[1]>['decodeExternally'];
};

const problem = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Plays sound files in real time, as if they came from a turntable, each in its own format. */
export function startFileSource(options: FileSourceOptions): Source {
  const stop = new AbortController();
  const finished = play(options, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) options.onEvent({ event: 'failed', state: 'failed', message: problem(error) });
  });
  return {
    async close() {
      stop.abort();
      await finished;
    },
  };
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  const numeric = new Intl.Collator('en', { numeric: true });
  return names
    .filter((name) => soundFile.test(name))
    .sort(numeric.compare)
    .map((name) => join(path, name));
}

async function play(options: FileSourceOptions, stop: AbortSignal): Promise<void> {
  const { path, onEvent } = options;
  let files: string[];
  try {
    files = await filesOf(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? `There is no file or folder ${path}.` : `${path} cannot be read (${code}).`;
    return onEvent({ event: 'failed', state: 'unknown', message });
  }
  if (files.length === 0) {
    return onEvent({ event: 'failed', state: 'unknown', message: `There is no sound file in ${path}.` });
  }
  let dueMs = options.startedMs;
  let played = 0;
  let lastProblem = '';
  for (const file of files) {
    try {
      dueMs = await playFile(file, dueMs, options, stop);
      played += 1;
    } catch (error) {
      if (stop.aborted) return;
      // One file that cannot be read does not end the others.
      lastProblem = `${file}: ${problem(error)}`;
      process.emitWarning(lastProblem);
    }
  }
  if (stop.aborted) return;
  if (played === 0) onEvent({ event: 'failed', state: 'failed', message: lastProblem });
  else onEvent({ event: 'ended' });
}

/** Plays one file from `dueMs` on and gives the time at which it ends. */
async function playFile(path: string, dueMs: number, options: FileSourceOptions, stop: AbortSignal): Promise<number> {
  const { now, onEvent, onFrames, decodeExternally } = options;
  const file = await openAudioFile(path, decodeExternally ? { decodeExternally } : {});
  try {
    const { sampleRate, channels, durationSeconds } = file;
    if (durationSeconds !== undefined && dueMs + durationSeconds * 1000 < now()) return dueMs + durationSeconds * 1000;
    const wide = (file.bitsPerSample ?? 16) > 16;
    onEvent({ event: 'open', format: { name: `file:${path}`, description: path, sampleRate, channels, sampleFormat: wide ? 's24le' : 's16le' } });
    let frames = 0;
    for await (const block of file.blocks()) {
      const length = block[0].length;
      const most = Math.ceil((sampleRate * paceMs) / 1000);
      for (let from = 0; from < length; from += most) {
        const to = Math.min(length, from + most);
        const endMs = dueMs + ((frames + to) / sampleRate) * 1000;
        // What a crash made us miss is not made up for: it was not heard.
        if (endMs < now() - 5000) continue;
        await until(endMs, now, stop);
        onFrames(interleave(block, from, to, wide), endMs);
      }
      frames += length;
      stop.throwIfAborted();
    }
    return dueMs + (frames / sampleRate) * 1000;
  } finally {
    await file.close();
  }
}

/** Planar float, full scale 1, as interleaved little-endian integers of 16 or 24 bits. */
function interleave(planar: Float32Array[], from: number, to: number, wide: boolean): Uint8Array {
  const channels = planar.length;
  const width = wide ? 3 : 2;
  const scale = wide ? 8_388_608 : 32_768;
  const bytes = new Uint8Array((to - from) * channels * width);
  let at = 0;
  for (let i = from; i < to; i += 1) {
    for (let c = 0; c < channels; c += 1, at += width) {
      const value = Math.max(-scale, Math.min(scale - 1, Math.round(planar[c][i] * scale)));
      bytes[at] = value;
      bytes[at + 1] = value >> 8;
      if (wide) bytes[at + 2] = value >> 16;
    }
  }
  return bytes;
}

function until(ms: number, now: () => number, stop: AbortSignal): Promise<void> {
  const wait = ms - now();
  if (wait <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, wait);
    function done(): void {
      stop.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(stop.reason);
    }
    if (stop.aborted) aborted();
    else stop.addEventListener('abort', aborted, { once: true });
  });
}
