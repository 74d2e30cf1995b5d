import { Worker } from 'node:worker_threads';
import { PidentifyError, type WireError, wireErrorSchema } from '@pidentify/contracts';

export type FlacFacts = {
  sample_rate: number;
  channels: number;
  bits_per_sample: number;
  frames: number;
  duration_seconds: number;
};

/** A picture to be put into a file. */
export type Cover = { bytes: Uint8Array; mime: string };

export type TrimJob = {
  source: string;
  /** A file that does not exist yet; it is on the disk when the job is done. */
  target: string;
  /** First frame, and the one after the last. */
  from: number;
  to: number;
  /** Vorbis comments by name. */
  tags: Record<string, string>;
  cover: Cover | null;
};

export type FlacJob =
  | { job: 'describe'; path: string }
  | { job: 'chart'; path: string; parts: number }
  | { job: 'trim'; trim: TrimJob };

/** What a thread tells at its end; `message` is the detail to the sentence of the code. */
export type FlacOutcome = { result?: unknown; error?: WireError };

/** Long work on FLAC files, away from the thread that answers requests. */
export type FlacWork = {
  /** @throws audio_unreadable */
  describe: (path: string) => Promise<FlacFacts>;
  /** So many medians of |sample|, mono, full scale 1. @throws audio_unreadable */
  chart: (path: string, parts: number) => Promise<number[]>;
  /** Copies frames bit for bit into a new, tagged FLAC file. @throws audio_unreadable, disk_full, save_failed */
  trim: (job: TrimJob) => Promise<void>;
};

/** Jobs run one after the other, so that two rips do not take all of a small computer's memory. */
export function createFlacWork(): FlacWork {
  let last: Promise<unknown> = Promise.resolve();
  function queue<T>(job: FlacJob): Promise<T> {
    const result = last.then(() => runInThread(job));
    last = Promise.allSettled([result]);
    return result as Promise<T>;
  }
  return {
    describe: (path) => queue({ job: 'describe', path }),
    chart: (path, parts) => queue({ job: 'chart', path, parts }),
    trim: (trim) => queue({ job: 'trim', trim }),
  };
}

/** A thread per job: what the codecs have taken of memory goes back with it. */
function runInThread(job: FlacJob): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './flac-worker.ts' : './flac-worker.js', import.meta.url),
    { workerData: job },
  );
  worker.once('message', (message: FlacOutcome) => {
    const error = wireErrorSchema.safeParse(message.error);
    if (error.success) reject(new PidentifyError(error.data.code, error.data.message));
    else resolve(message.result);
  });
  worker.once('error', (cause) => reject(new PidentifyError('internal_error', undefined, { cause })));
  worker.once('exit', () => reject(new PidentifyError('internal_error', 'The work on a FLAC file stopped.')));
  return promise;
}
