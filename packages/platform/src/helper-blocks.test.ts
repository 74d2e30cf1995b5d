import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockReader, type HelperBlock } from './helper-blocks.ts';

type Given = { firstFrame: number; frames: number };

function blockBytes(
  { firstFrame, frames }: Given,
  changes: (header: Buffer) => void = () => undefined,
): Buffer {
  const header = Buffer.alloc(32);
  header.write('PIDC', 0, 'latin1');
  header.writeUInt16LE(1, 4);
  header.writeUInt8(1, 6);
  header.writeUInt8(2, 7);
  header.writeUInt32LE(44_100, 8);
  header.writeUInt32LE(frames, 12);
  header.writeBigUInt64LE(BigInt(firstFrame), 16);
  header.writeBigUInt64LE(5_000_000n, 24);
  changes(header);
  const bytes = Buffer.alloc(frames * 4, firstFrame % 251);
  return Buffer.concat([header, bytes]);
}

describe('blocks of the capture helper', () => {
  it('come out whole, however the pipe cuts them', () => {
    const given: Given[] = [3, 0, 500, 1].map((frames, at) => ({ firstFrame: at * 1000, frames }));
    const all = Buffer.concat(given.map((one) => blockBytes(one)));
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 8 }), (cuts) => {
        const seen: HelperBlock[] = [];
        const read = createBlockReader((block) => seen.push(block));
        const places = [0, ...cuts.sort((a, b) => a - b), all.length];
        for (const [at, place] of places.slice(1).entries()) read(all.subarray(places[at], place));
        expect(seen.map(({ firstFrame, frames }) => ({ firstFrame, frames }))).toEqual(given);
        expect(seen.every(({ bytes, frames }) => bytes.length === frames * 4)).toBe(true);
        expect(seen[2].bytes.every((byte) => byte === 2000 % 251)).toBe(true);
      }),
    );
  });

  it('say what they hold', () => {
    const seen: HelperBlock[] = [];
    createBlockReader((block) => seen.push(block))(blockBytes({ firstFrame: 7, frames: 1 }));
    expect(seen).toMatchObject([
      { format: 's16', channels: 2, rate: 44_100, firstFrame: 7, frames: 1, helperMs: 5 },
    ]);
  });

  it.each<[string, (header: Buffer) => void]>([
    ['another beginning', (header) => header.write('RIFF', 0, 'latin1')],
    ['another version', (header) => header.writeUInt16LE(2, 4)],
    ['an unknown format', (header) => header.writeUInt8(9, 6)],
    ['no channels', (header) => header.writeUInt8(0, 7)],
    ['a size nobody delivers', (header) => header.writeUInt32LE(0xffff_ffff, 12)],
  ])('are refused with %s', (_, change) => {
    const read = createBlockReader(() => undefined);
    expect(() => read(blockBytes({ firstFrame: 0, frames: 1 }, change))).toThrow('capture helper');
  });
});
