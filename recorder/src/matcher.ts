import { Worker } from 'node:worker_threads';
import type { Likeness } from '@pidentify/fingerprint';
import type { TrackIndex } from './library/keeper.ts';
import type {
  Expected,
  MatcherAnswers,
  MatcherQuestion,
  MatcherReply,
  TrackMatch,
} from './matcher-protocol.ts';

/** The young generation is kept small: the thread mostly holds typed arrays. */
const limits = { maxYoungGenerationSizeMb: 2 };

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

export type Matcher = TrackIndex & {
  /** Opens the index in `folder`; gives the names of damaged files that were left out. */
  open(folder: string): Promise<string[]>;
  /** `pcm`: 2 to 60 s mono at 11.025 kHz. Best match first; the expected track where there is no other. */
  query(pcm: Float32Array, expected?: Expected | null): Promise<TrackMatch[]>;
  /** As `query`, with a part of a fingerprint in place of sound: at most 60 s of it. */
  place(fingerprint: Uint8Array, part: { fromSeconds: number; seconds: number }): Promise<TrackMatch[]>;
  /** How much of one fingerprint is found in another one; the index has no part in it. */
  compare(fingerprint: Uint8Array, other: Uint8Array): Promise<Likeness | null>;
  close(): Promise<void>;
};

/** The index in its own thread. When the thread dies, questions fail and `onDeath` is called once. */
export function createMatcher({ onDeath }: { onDeath(error: Error): void }): Matcher {
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './matcher-worker.ts' : './matcher-worker.js', import.meta.url),
    { resourceLimits: limits },
  );
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let closing = false;

  function failAll(error: Error): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (!closing) onDeath(error);
  }
  worker.on('message', (reply: MatcherReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('failed' in reply) asked?.reject(reply.failed);
    else asked?.resolve(reply.done);
  });
  worker.on('error', (error) => failAll(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => failAll(new Error(`the matcher's thread ended (${code})`)));

  function ask<A extends MatcherQuestion['ask']>(
    question: Extract<MatcherQuestion, { ask: A }>,
    transfer: ArrayBuffer[] = [],
  ): Promise<MatcherAnswers[A]> {
    return new Promise((resolve, reject) => {
      const id = nextId;
      nextId += 1;
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ ...question, id }, transfer);
    });
  }

  return {
    open: async (folder) => (await ask({ ask: 'open', folder })).damaged,
    keys: () => ask({ ask: 'keys' }),
    add: async (tracks) => void (await ask({ ask: 'add', tracks })),
    remove: async (trackKeys) => void (await ask({ ask: 'remove', trackKeys })),
    query: (pcm, expected = null) => ask({ ask: 'query', pcm, expected }, [pcm.buffer as ArrayBuffer]),
    place: (fingerprint, part) => ask({ ask: 'place', fingerprint, ...part }),
    compare: (fingerprint, other) => ask({ ask: 'compare', fingerprint, other }),
    async close() {
      closing = true;
      await worker.terminate();
    },
  };
}
