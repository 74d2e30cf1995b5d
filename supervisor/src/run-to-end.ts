import { setTimeout as pause } from 'node:timers/promises';
import type { Launched } from './launched.ts';

/** A change of the database is better finished than broken off; it takes a moment. */
const finishMs = 1_500;

/**
 * Waits for a process that does one thing and ends. Throws what it reports, or service_failed. When
 * everything is ended meanwhile it may finish first, for a moment.
 */
export async function runToEnd(child: Launched, started: AsyncDisposableStack): Promise<void> {
  started.defer(async () => {
    await Promise.race([child.ended, pause(finishMs, undefined, { ref: false })]);
    child.kill();
    await child.ended;
  });
  await child.ready;
  await child.ended;
}
