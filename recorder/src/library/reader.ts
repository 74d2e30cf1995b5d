import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

/** What the reading process is asked: one file at a time. */
export const readQuestionSchema = z.object({ path: z.string() });

const tagsSchema = z.object({
  title: z.string(),
  artist: z.string().optional(),
  album: z.string().optional(),
  trackNo: z.number().optional(),
  label: z.string().optional(),
  released: z.string().optional(),
});

/** What it answers: the track, or why there is none. */
const readAnswerSchema = z.discriminatedUnion('read', [
  z.object({
    read: z.literal('track'),
    fingerprint: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    seconds: z.number(),
    tags: tagsSchema,
  }),
  z.object({ read: z.literal('failed'), message: z.string() }),
  z.object({ read: z.literal('progress') }),
]);
export type ReadAnswer = z.infer<typeof readAnswerSchema>;
type ReadResult = Exclude<ReadAnswer, { read: 'progress' }>;

/** A file that makes no progress for this long is given up. */
const stallMs = 60_000;
/** The process goes when there has been nothing to read for a while, and its memory with it. */
const idleMs = 5_000;

const lost = (why: string): ReadResult => ({
  read: 'failed',
  message: `The file could not be read: ${why}.`,
});

/**
 * Reads sound files in a process of its own at the lowest priority: its memory is given back when it is done,
 * and a file that crashes a decoder costs that file alone.
 */
export function createReader({
  entry = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? 'read-worker.ts' : 'read-worker.js'),
}: {
  entry?: string;
} = {}) {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;

  function process(): ChildProcess {
    clearTimeout(idle);
    child ??= fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    return child;
  }

  function release(): void {
    idle = setTimeout(end, idleMs);
    idle.unref();
  }

  function end(): void {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = null;
  }

  return {
    /** Tags and fingerprint of a file; one call at a time. Never throws: a failure is an answer. */
    read(path: string): Promise<ReadResult> {
      const worker = process();
      return new Promise((resolve) => {
        let stall: NodeJS.Timeout;
        const finish = (result: ReadResult) => {
          clearTimeout(stall);
          worker.off('message', onMessage);
          worker.off('exit', onExit);
          worker.off('error', onError);
          release();
          resolve(result);
        };
        const abandon = (why: string) => {
          if (child === worker) end();
          finish(lost(why));
        };
        const watch = () => {
          clearTimeout(stall);
          stall = setTimeout(() => abandon('reading it made no progress'), stallMs);
        };
        const onMessage = (message: unknown) => {
          const answer = readAnswerSchema.safeParse(message);
          if (!answer.success) return abandon('the reader gave a wrong answer');
          if (answer.data.read === 'progress') return watch();
          finish(answer.data);
        };
        const onExit = (code: number | null, signal: string | null) => {
          if (child === worker) child = null;
          finish(lost(`the decoder failed (${signal ?? code})`));
        };
        const onError = (error: Error) => abandon(error.message);
        worker.on('message', onMessage);
        worker.on('exit', onExit);
        worker.on('error', onError);
        watch();
        worker.send({ path });
      });
    },
    close: end,
  };
}
export type Reader = ReturnType<typeof createReader>;
