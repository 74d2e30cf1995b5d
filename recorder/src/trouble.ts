import type { Log } from '@pidentify/platform';

/** An error as a line of the log tells it. */
export const because = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Takes what went wrong with `what` into the log. */
export const troubleIn =
  (log: Log) =>
  (what: string) =>
  (error: unknown): void =>
    log('error', `${what}: ${because(error)}`);
