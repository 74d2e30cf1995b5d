import { describe, expect, it } from 'vitest';
import { programOutput } from './program-output.ts';

async function collect(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('program output', () => {
  it('yields what the program writes', async () => {
    expect(await collect(programOutput('sh', ['-c', 'printf one; printf two']))).toBe('onetwo');
  });

  it('throws the last words of a program that fails', async () => {
    await expect(collect(programOutput('sh', ['-c', 'echo no such song >&2; exit 3']))).rejects.toThrow(
      /no such song/,
    );
  });

  it('says which program is not there', async () => {
    await expect(collect(programOutput('no-such-program', []))).rejects.toThrow(
      /no-such-program cannot be started/,
    );
  });

  it('ends the program when nobody wants more', async () => {
    for await (const chunk of programOutput('yes', [])) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });
});
