import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createStream } from 'rotating-file-stream';

export type LogFiles = {
  of: (service: string) => Writable;
  path: (service: string) => string;
  /** Resolves when everything is written; what is written from now on is lost. */
  close: () => Promise<void>;
};

/** How soon a file that could not be written is tried again. */
const againMs = 10_000;

/** `<service>.log` in `folder`, 5 MB at most, with two older ones (`.1`, `.2`) beside it. */
export function openLogFiles(folder: string, now = () => performance.now()): LogFiles {
  const streams = new Map<string, Writable>();
  const open = (service: string) => {
    const create = () => createStream(`${service}.log`, { path: folder, size: '5M', rotate: 2 });
    const stream = new LogFile(create, now);
    streams.set(service, stream);
    return stream;
  };
  return {
    of: (service) => streams.get(service) ?? open(service),
    path: (service) => join(folder, `${service}.log`),
    close: async () => {
      // One that somebody still writes into fails: that line is lost, and the others are to be closed.
      await Promise.allSettled([...streams.values()].map((stream) => finished(stream.end())));
    },
  };
}

/**
 * A file that never fails for whoever writes: a full disk costs the log, never the music. What is written while it
 * cannot be had is lost; a moment later it is opened anew.
 */
class LogFile extends Writable {
  readonly #create: () => Writable;
  readonly #now: () => number;
  #file: Writable | null = null;
  #failedMs = -Infinity;
  /** What waits for the file to take something. */
  #taken: () => void = () => undefined;

  constructor(create: () => Writable, now: () => number) {
    super({ decodeStrings: true });
    this.#create = create;
    this.#now = now;
    // Of one who writes after the end. Unheard it would be a fault of the whole process, and end all services.
    this.on('error', () => undefined);
    this.#open();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    if (!this.#file && this.#now() - this.#failedMs >= againMs) this.#open();
    const taken = this.#waitFor(done);
    if (this.#file) this.#file.write(chunk, taken);
    else taken();
  }

  override _final(done: () => void): void {
    const taken = this.#waitFor(done);
    if (this.#file) this.#file.end(taken);
    else taken();
  }

  /**
   * With an error both come, event and callback, and the callback may be late: by then other lines wait. So each has
   * its own, and the first of the two counts.
   */
  #waitFor(done: () => void): () => void {
    const taken = once(done);
    this.#taken = taken;
    return taken;
  }

  #open(): void {
    const file = this.#create();
    this.#file = file;
    file.on('error', () => {
      if (this.#file !== file) return;
      this.#file = null;
      this.#failedMs = this.#now();
      this.#taken();
    });
  }
}

function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    call();
  };
}
