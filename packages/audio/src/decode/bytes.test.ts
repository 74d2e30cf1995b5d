import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/sound.ts';
import { ByteFile, ByteStream } from './bytes.ts';

const pieces = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 8 });
async function* streamOf(parts: Uint8Array[]) {
  yield* parts;
}

describe('ByteStream', () => {
  it('takes and skips the same bytes however they arrive', async () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(7)), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(pieces, steps, async (parts, plan) => {
        const all = Buffer.concat(parts);
        const stream = new ByteStream(streamOf(parts));
        let at = 0;
        for (const [skipping, count] of plan) {
          if (skipping) await stream.skip(count);
          else expect([...(await stream.take(count))]).toEqual([...all.subarray(at, at + count)]);
          at = Math.min(all.length, at + count);
          expect(stream.position).toBe(at);
        }
      }),
    );
  });

  it('ends its source when it is closed', async () => {
    let ended = false;
    const source = (async function* () {
      try {
        yield Uint8Array.of(1);
        yield Uint8Array.of(2);
      } finally {
        ended = true;
      }
    })();
    const stream = new ByteStream(source);
    await stream.next();
    await stream.close();
    expect(ended).toBe(true);
    expect(await stream.next()).toBeNull();
  });
});

describe('ByteFile', () => {
  it('reads by place and is short at the end', async () => {
    await using folder = await temporaryFolder();
    await writeFile(
      folder.file('a'),
      Uint8Array.from({ length: 10 }, (_, index) => index),
    );
    const file = await ByteFile.open(folder.file('a'));
    expect([...(await file.read({ offset: 8, length: 5 }))]).toEqual([8, 9]);
    expect([...(await file.read({ offset: 20, length: 5 }))]).toEqual([]);
    const chunks: number[][] = [];
    for await (const chunk of file.chunks({ from: 3, to: 9, size: 4 })) chunks.push([...chunk]);
    expect(chunks).toEqual([
      [3, 4, 5, 6],
      [7, 8],
    ]);
    await file.close();
  });
});
