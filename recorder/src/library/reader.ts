import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { PcmFormat } from '@pidentify/audio';
import { z } from 'zod';

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** What the reading process is asked: a file, its tags alone, or stored PCM piece by piece; one thing at a time. */
export const readQuestionSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('file'), path: z.string() }),
  z.object({ ask: z.literal('tags'), path: z.string() }),
  z.object({
    ask: z.literal('sound'),
    format: z.object({
      sampleRate: z.number(),
      channels: z.number(),
      bitsPerSample: z.union([z.literal(16), z.literal(24)]),
    }),
  }),
  z.object({ ask: z.literal('piece'), bytes: bytesSchema }),
  z.object({ ask: z.literal('end') }),
]);
export type ReadQuestion = z.infer<typeof readQuestionSchema>;

const tagsSchema = z.object({
  title: z.string(),
  artist: z.string().optional(),
  album: z.string().optional(),
  trackNo: z.number().optional(),
  side: z.string().optional(),
  discNo: z.number().optional(),
  label: z.string().optional(),
  released: z.string().optional(),
});

/** What it answers: the track, its tags, the sound, or why there is none. */
const readAnswerSchema = z.discriminatedUnion('read', [
  z.object({
    read: z.literal('track'),
    fingerprint: bytesSchema,
    seconds: z.number(),
    tags: tagsSchema,
  }),
  z.object({ read: z.literal('tags'), tags: tagsSchema }),
  z.object({ read: z.literal('sound'), fingerprint: bytesSchema, seconds: z.number() }),
  z.object({ read: z.literal('failed'), message: z.string() }),
  z.object({ read: z.literal('progress') }),
]);
export type ReadAnswer = z.infer<typeof readAnswerSchema>;
type Failed = Extract<ReadAnswer, { read: 'failed' }>;
type Result = Exclude<ReadAnswer, { read: 'progress' }>;
/** What was asked for, or why there is none. */
type Answer<Kind extends Result['read']> = Extract<Result, { read: Kind }> | Failed;

/** Stored PCM of a stretch of sound; `frames` are whole frames of `format`, in order. */
export type PcmSound = { format: PcmFormat; frames: AsyncIterable<Uint8Array> };

/** A file that makes no progress for this long is given up. */
const stallMs = 60_000;
/** The process goes when there has been nothing to read for a while, and its memory with it. */
const idleMs = 5_000;

const isA = <Kind extends Result['read']>(kind: Kind, result: Result): result is Answer<Kind> =>
  result.read === kind || result.read === 'failed';

const lost = (why: string): Failed => ({
  read: 'failed',
  message: `The sound could not be read: ${why}.`,
});

/**
 * Reads sound files in a process of its own at the lowest priority: its memory is given back when it is done,
 * and a file that crashes a decoder costs that file alone. It reads one thing at a time: calls wait for each other.
 */
export function createReader({
  entry = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? 'read-worker.ts' : 'read-worker.js'),
}: {
  entry?: string;
} = {}) {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;
  /** Resolves when the reading process is free. */
  let free: Promise<unknown> = Promise.resolve();

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

  type Tell = (worker: ChildProcess) => Promise<void>;

  /** Waits for its turn. Resolves with the answer to what `tell` says; never rejects. */
  async function inTurn<Kind extends Result['read']>(kind: Kind, tell: Tell): Promise<Answer<Kind>> {
    const turn = free.then(() => (closed ? lost('the reader was closed') : converse(tell)));
    free = turn;
    const result = await turn;
    return isA(kind, result) ? result : lost('the reader gave a wrong answer');
  }

  function converse(tell: Tell): Promise<Result> {
    const worker = process();
    return new Promise((resolve) => {
      let stall: NodeJS.Timeout;
      let isTold = false;
      let isOver = false;
      const finish = (result: Result) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(stall);
        // What is still being told must not reach the process among what is told next.
        if (!isTold && child === worker) end();
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
      tell(worker).then(
        () => {
          isTold = true;
        },
        (error: unknown) => abandon(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  return {
    /** Tags and fingerprint of a file. Never throws: a failure is an answer. */
    read: (path: string): Promise<Answer<'track'>> =>
      inTurn('track', (worker) => send(worker, { ask: 'file', path })),
    /** What a file says of itself, without its sound. Never throws. */
    readTags: (path: string): Promise<Answer<'tags'>> =>
      inTurn('tags', (worker) => send(worker, { ask: 'tags', path })),
    /** Fingerprint of sound. Never throws, not even what `frames` throws. */
    readSound: ({ format, frames }: PcmSound): Promise<Answer<'sound'>> =>
      inTurn('sound', async (worker) => {
        await send(worker, { ask: 'sound', format });
        for await (const bytes of frames) await send(worker, { ask: 'piece', bytes });
        await send(worker, { ask: 'end' });
      }),
    close(): void {
      closed = true;
      end();
    },
  };
}
export type Reader = ReturnType<typeof createReader>;

/** Resolves when the process has taken it, so that no more than one piece waits in memory. */
function send(worker: ChildProcess, question: ReadQuestion): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.send(question, (error) => (error ? reject(error) : resolve()));
  });
}
