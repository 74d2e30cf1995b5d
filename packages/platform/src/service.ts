import { flushCompileCache } from 'node:module';
import { takeLock } from './lock.ts';
import type { Log } from './log.ts';
import { settleMemory } from './settle-memory.ts';

export type Service = {
  /** Resolves once the service answers; its port, where it has one. Throws what keeps it from starting. */
  start: () => Promise<{ port?: number } | undefined>;
  /** Ends everything in order; only called after `start` has settled. */
  stop: () => Promise<void>;
  log: Log;
  /**
   * File whose lock is held as long as this process lives. After the supervisor was killed the new service
   * may come while the old one still puts things away: it waits.
   */
  lockFile?: string;
};

/** The supervisor kills before, when it waits at all. */
const stopMs = 4_000;
/** With the supervisor gone nobody waits, and the next start must find nothing left. */
const stopWithoutSupervisorMs = 2_000;
/** The supervisor's order to stop comes within this time after a signal that it got, too. */
const orderMs = 2_200;
/** Longer than a service without its supervisor lives. */
const lockMs = 5_000;

/**
 * The life of a service process: tells the supervisor over IPC when it is ready or why it is not, and
 * stops on its order, on its death (the channel's end), on SIGTERM (when no order follows) and, when run by
 * hand, on SIGINT.
 */
export function runService({ start, stop, log, lockFile }: Service): void {
  const isSupervised = process.send !== undefined;
  let isStopping = false;

  const begin = async () => {
    if (lockFile && !takeLock(lockFile, { waitMs: lockMs })) throw new Error(`${lockFile} is in use`);
    return start();
  };
  const started = begin().then(
    (facts) => report({ report: 'ready', ...facts }),
    (error: unknown) => {
      log('error', `cannot start: ${(error as Error).stack ?? error}`);
      const { code, message } = error as { code?: unknown; message?: unknown };
      const failure = { code: typeof code === 'string' ? code : 'service_failed', message: String(message) };
      report({ report: 'failed', ...failure }, () => process.exit(1));
    },
  );
  // Without this nothing is kept of the compiled code when the process is killed later.
  started.then(() => setImmediate(flushCompileCache)).then(settleMemory);

  const end = async (why: string, limitMs: number) => {
    if (isStopping) return;
    isStopping = true;
    log('info', `stopping: ${why}`);
    setTimeout(() => process.exit(1), limitMs).unref();
    await started;
    await stop();
    process.exit(0);
  };

  process.on('message', (message) => {
    const order =
      typeof message === 'object' && message !== null && 'order' in message ? message.order : null;
    if (order === 'stop') end('ordered', stopMs);
  });
  process.on('disconnect', () => end('the supervisor is gone', stopWithoutSupervisorMs));
  // Both are often sent to the whole group; the supervisor passes them on as an order, in its turn.
  process.on('SIGTERM', () => {
    if (!isSupervised) end('SIGTERM', stopMs);
    else setTimeout(() => end('SIGTERM, and no order came', stopMs), orderMs).unref();
  });
  process.on('SIGINT', () => isSupervised || end('SIGINT', stopMs));
  // A log that nobody reads any more is no reason to stop out of order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function report(message: object, sent: () => void = () => undefined): void {
  // The supervisor may be gone: 'disconnect' tells that.
  if (process.send && process.connected) process.send(message, () => sent());
  else sent();
}
