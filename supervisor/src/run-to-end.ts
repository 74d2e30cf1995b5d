import type { Launched } from './launched.ts';

/** Waits for a process that does one thing and ends. Throws what it reports, or service_failed. */
export async function runToEnd(child: Launched): Promise<void> {
  try {
    await child.ready;
    await child.ended;
  } finally {
    child.kill();
  }
}
