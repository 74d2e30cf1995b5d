import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';

/** Browsers give up on a request of which they have heard nothing for a minute (WebKit) or five (Chromium). */
const signOfLifeMs = 20_000;

/**
 * The answer to a question that a person may think about for long. What is refused at once is thrown; later there
 * is white space, which means nothing before JSON, and at last the answer, parsed with its schema.
 * @throws whatever `asked` is rejected with before the first sign of life; after it the connection is cut
 */
export async function patientAnswer<T extends z.ZodType>(options: {
  asked: Promise<z.input<T>>;
  schema: T;
  everyMs?: number;
}): Promise<z.output<T>> {
  const { asked, schema, everyMs = signOfLifeMs } = options;
  const soon = await within(asked, everyMs);
  if (soon !== later) return schema.parse(soon);
  async function* parts() {
    for (;;) {
      yield ' ';
      const answer = await within(asked, everyMs);
      if (answer === later) continue;
      yield JSON.stringify(schema.parse(answer));
      return;
    }
  }
  // Fastify sends a stream as it is, whatever the type of the answer.
  return Readable.from(parts(), { objectMode: false }) as unknown as z.output<T>;
}

const later: unique symbol = Symbol('later');

async function within<T>(asked: Promise<T>, ms: number): Promise<T | typeof later> {
  const ending = new AbortController();
  // Ended when the answer is there: then nobody waits for it any more.
  const time = pause(ms, undefined, { signal: ending.signal }).then(
    () => later,
    () => later,
  );
  try {
    return (await Promise.race([asked, time])) as T | typeof later;
  } finally {
    ending.abort();
  }
}
