import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** As much as helps to say what went wrong. */
const complaintCharacters = 500;

/**
 * Runs a program and yields what it writes to its standard output. Ending the iteration early ends the
 * program. Throws when it cannot be started, or with its last words when it fails.
 */
export async function* programOutput(program: string, args: readonly string[]): AsyncGenerator<Uint8Array> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-complaintCharacters);
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error(`${program} cannot be started: ${(error as Error).message}`, { cause: error });
  }
  const exited = once(child, 'close');
  try {
    for await (const chunk of child.stdout) yield chunk;
    const [status] = await exited;
    if (status !== 0) throw new Error(`${program} failed: ${complaint.trim()}`);
  } finally {
    if (child.exitCode === null && child.pid !== undefined) child.kill('SIGKILL');
  }
}
