import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type ShellOrder, shellOrderSchema, supervisorCommandSchema } from '@pidentify/contracts';
import type { Log } from '@pidentify/platform';

/** Lines of a shell; the end of the stream, however it comes, means that the shell is gone. */
export function watchStdin(options: {
  input: Readable;
  onShutdown: () => void;
  onStatus: () => void;
  onOrder: (order: ShellOrder) => void;
  onEnd: () => void;
  log: Log;
}): void {
  const { input, onShutdown, onStatus, onOrder, onEnd, log } = options;
  const lines = createInterface({ input });
  lines.on('line', (line) => {
    const command = readCommand(line);
    if (command === 'shutdown') onShutdown();
    else if (command === 'status') onStatus();
    else if (command) onOrder(command);
    else log('warn', `standard input: not understood: ${line.slice(0, 200)}`);
  });
  lines.once('close', onEnd);
  // A broken stream is ended, too; readline hands its errors on.
  lines.on('error', () => lines.close());
}

function readCommand(line: string): 'shutdown' | 'status' | ShellOrder | null {
  try {
    const json: unknown = JSON.parse(line);
    const order = shellOrderSchema.safeParse(json).data;
    return order ?? supervisorCommandSchema.safeParse(json).data?.cmd ?? null;
  } catch {
    return null; // not JSON, which the caller logs
  }
}
