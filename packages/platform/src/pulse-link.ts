import { setTimeout as pause } from 'node:timers/promises';
import type { InputInfo } from './input.ts';
import type { PulseSurroundings } from './pulse-address.ts';
import { connectPulse, type PulseConnection, publicFacts } from './pulse-client.ts';

/** Growing, because most machines without a server will not get one soon. */
const pausesMs = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A connection that lasted as long as this is a new beginning. */
const lastingMs = 5_000;

/** Connects again and again until aborted; `use` has the connection until its promise settles. */
export async function keepConnected(options: {
  surroundings: PulseSurroundings;
  signal: AbortSignal;
  use: (connection: PulseConnection) => Promise<void>;
  /** No server answered, or `use` failed. */
  onFailure: (error: unknown) => void;
}): Promise<void> {
  const { surroundings, signal, use, onFailure } = options;
  for (let failures = 0; !signal.aborted; failures += 1) {
    const began = performance.now();
    await once().catch(onFailure);
    if (performance.now() - began > lastingMs) failures = 0;
    await pauseUnlessAborted(pausesMs[Math.min(failures, pausesMs.length - 1)], signal);
  }

  async function once(): Promise<void> {
    const connection = await connectPulse(surroundings);
    signal.addEventListener('abort', connection.close, { once: true });
    try {
      if (!signal.aborted) await use(connection);
    } finally {
      signal.removeEventListener('abort', connection.close);
      connection.close();
    }
  }
}

/** All inputs, now and after every change; none while no server answers. Returns the end of it. */
export function watchPulse(options: {
  surroundings: PulseSurroundings;
  receiver: (inputs: InputInfo[]) => void;
}): () => void {
  const { surroundings, receiver } = options;
  const abort = new AbortController();
  let last = '';
  const tell = (inputs: InputInfo[]) => {
    const now = JSON.stringify(inputs);
    // A change of volume is an event, too, but nothing to tell.
    if (now === last || abort.signal.aborted) return;
    last = now;
    receiver(inputs);
  };
  const use = async (connection: PulseConnection) => {
    for (let alive = true; alive; ) {
      const change = connection.nextChange();
      tell((await connection.sources()).map(publicFacts));
      alive = await change;
    }
    tell([]);
  };
  void keepConnected({ surroundings, signal: abort.signal, use, onFailure: () => tell([]) });
  return () => abort.abort();
}

async function pauseUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch {
    return; // aborted, which its loop asks for next
  }
}
