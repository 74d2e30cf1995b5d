import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createStream } from 'rotating-file-stream';

export type LogFiles = {
  of: (service: string) => Writable;
  path: (service: string) => string;
  /** Resolves when everything is written. */
  close: () => Promise<void>;
};

/** `<service>.log` in `folder`, 5 MB at most, with two older ones (`.1`, `.2`) beside it. */
export function openLogFiles(folder: string): LogFiles {
  const streams = new Map<string, Writable>();
  const open = (service: string) => {
    const stream = createStream(`${service}.log`, { path: folder, size: '5M', rotate: 2 });
    // A full disk costs the log, never the music.
    stream.on('error', () => undefined);
    streams.set(service, stream);
    return stream;
  };
  return {
    of: (service) => streams.get(service) ?? open(service),
    path: (service) => join(folder, `${service}.log`),
    close: async () => {
      // One that has failed is over already, and says so no second time.
      const closed = [...streams.values()].map((stream) => finished(stream.end()));
      await Promise.allSettled(closed);
    },
  };
}
