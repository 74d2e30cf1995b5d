import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchStdin } from './watch-stdin.ts';

function watched() {
  const input = new PassThrough();
  const heard: string[] = [];
  watchStdin({
    input,
    onShutdown: () => heard.push('shutdown'),
    onStatus: () => heard.push('status'),
    onOrder: ({ cmd }) => heard.push(cmd),
    onEnd: () => heard.push('end'),
    log: (level) => heard.push(level),
  });
  return { input, heard };
}

describe('watchStdin', () => {
  it('hears commands, passes over what it does not know, and hears the end', async () => {
    const { input, heard } = watched();
    input.end('{"cmd":"status"}\n{"cmd":"dance"}\n{"cmd":"shutdown"}\n');
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['status', 'warn', 'shutdown', 'end']);
  });

  it('hears the orders of a tray, and not those that are not whole', async () => {
    const { input, heard } = watched();
    input.end('{"cmd":"scan_now"}\n{"cmd":"set_listening"}\n{"cmd":"set_listening","listening":false}\n');
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['scan_now', 'warn', 'set_listening', 'end']);
  });

  it('takes a broken stream for its end', async () => {
    const { input, heard } = watched();
    input.destroy(new Error('broken'));
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['end']);
  });

  it('is not harmed by any line', async () => {
    const { input, heard } = watched();
    const lines = fc.sample(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), 50);
    for (const line of lines) input.write(`${line}\n`);
    input.end();
    await expect.poll(() => heard.at(-1), { timeout: 10_000 }).toBe('end');
    expect(heard).not.toContain('shutdown');
  });
});
