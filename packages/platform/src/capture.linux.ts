import type { Environment } from './host.ts';
import type { CaptureQuestion, Inputs } from './input.ts';
import type { PulseSurroundings } from './pulse-address.ts';
import { createPulseCapture } from './pulse-capture.ts';
import { connectPulse, type PulseConnection, publicFacts, usualSource } from './pulse-client.ts';
import { watchPulse } from './pulse-link.ts';

/** Inputs of PulseAudio, or of PipeWire, which speaks the same protocol. */
export function pulseInputs({ env, home }: { env: Environment; home: string }): Inputs {
  const surroundings: PulseSurroundings = { env, home, uid: process.getuid?.() };
  return {
    listInputs: () =>
      ask(surroundings, [], async (connection) => (await connection.sources()).map(publicFacts)),
    defaultInput: () => ask(surroundings, null, usualSource),
    watchInputs: (receiver) => watchPulse({ surroundings, receiver }),
    capture: (question: CaptureQuestion) => createPulseCapture({ surroundings, question }),
  };
}

async function ask<T>(
  surroundings: PulseSurroundings,
  nothing: T,
  question: (connection: PulseConnection) => Promise<T>,
): Promise<T> {
  let connection: PulseConnection | undefined;
  try {
    connection = await connectPulse(surroundings);
    return await question(connection);
  } catch {
    return nothing; // no server, or it went away meanwhile: then there are no inputs
  } finally {
    connection?.close();
  }
}
