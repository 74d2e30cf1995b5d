import { once } from 'node:events';
import { createServer } from 'node:net';
import { PidentifyError } from '@pidentify/contracts';

const host = '127.0.0.1';
const preferred = 8000;

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  return (await tryPort(0)) as number;
}

/**
 * The port to offer the web page on: the one that was asked for, or 8000 where it is free, or 0 for any.
 * Throws port_taken when the one that was asked for cannot be had.
 */
export async function choosePort(asked: number | undefined): Promise<number> {
  if (asked === 0) return 0;
  const free = await tryPort(asked ?? preferred);
  if (asked === undefined) return free ?? 0;
  if (free === null)
    throw new PidentifyError('port_taken', `(port ${asked}) Choose another one with --port.`);
  return free;
}

/** The port, or null when it cannot be had. */
async function tryPort(port: number): Promise<number | null> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return null; // in use, or reserved for the system: both mean another port
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : null;
}
