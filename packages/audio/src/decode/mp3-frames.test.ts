import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder, testSamples, writeWav } from '../testing/sound.ts';
import { ByteStream } from './bytes.ts';
import { wholeFrames } from './mp3.ts';
import { findMp3Frame, type Mp3Header, readMp3Header, readXing } from './mp3-frames.ts';

const FRAMES = 60_000;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples: testSamples({ frames: FRAMES }) });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The sound of an MP3 file that ffmpeg makes: all behind its ID3 tag. */
async function encode(name: string, ...options: string[]): Promise<Buffer> {
  await run(
    'ffmpeg',
    '-v',
    'error',
    '-y',
    '-i',
    folder.file('a.wav'),
    ...options,
    '-id3v2_version',
    '0',
    folder.file(name),
  );
  return readFile(folder.file(name));
}

async function framesOf(bytes: Uint8Array, first: Mp3Header): Promise<Buffer> {
  const runs: Buffer[] = [];
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  })();
  for await (const run of wholeFrames(new ByteStream(source), first)) runs.push(Buffer.from(run));
  return Buffer.concat(runs);
}

describe('MP3 frames', () => {
  it.each([
    ['v1.mp3', ['-b:a', '128k'], { samples: 1152, sampleRate: 44_100, channels: 2 }],
    ['vbr.mp3', ['-q:a', '3', '-ac', '1'], { samples: 1152, sampleRate: 44_100, channels: 1 }],
    ['v2.mp3', ['-ar', '22050', '-b:a', '64k'], { samples: 576, sampleRate: 22_050, channels: 2 }],
    ['v25.mp3', ['-ar', '8000', '-b:a', '16k', '-ac', '1'], { samples: 576, sampleRate: 8000, channels: 1 }],
    ['layer2.mp2', ['-c:a', 'mp2', '-b:a', '192k'], { samples: 1152, sampleRate: 44_100, channels: 2 }],
  ])('of %s follow each other to the end', async (name, options, wanted) => {
    const bytes = await encode(name, ...options);
    const header = readMp3Header(bytes, 0);
    expect(header).toMatchObject(wanted);
    expect((await framesOf(bytes, header as Mp3Header)).equals(bytes)).toBe(true);
    const xing = readXing(bytes, header as Mp3Header);
    const promised = Math.round((FRAMES * wanted.sampleRate) / 44_100);
    if (!name.startsWith('layer2')) expect(Math.abs((xing?.samples ?? 0) - promised)).toBeLessThan(2);
    else expect(xing).toBeNull();
  });

  it('are found behind junk, and only whole ones are handed on', async () => {
    const bytes = await encode('junk.mp3', '-b:a', '128k');
    const header = readMp3Header(bytes, 0) as Mp3Header;
    const junk = Buffer.alloc(5000, 0xff);
    expect(findMp3Frame(Buffer.concat([junk, bytes]))).toBe(5000);
    expect(findMp3Frame(Buffer.from('no frame here'))).toBe(-1);
    const half = bytes.length >> 1;
    const broken = Buffer.concat([bytes.subarray(0, half), junk, bytes.subarray(half)]);
    const kept = await framesOf(broken, header);
    expect(kept.length).toBeGreaterThan(bytes.length - 2 * header.length - 2);
    expect(kept.includes(junk.subarray(0, 1000))).toBe(false);
    expect((await framesOf(bytes.subarray(0, -5), header)).length).toBeLessThan(bytes.length);
  });

  it('take any bytes', async () => {
    const header = { length: 417, samples: 1152, sampleRate: 44_100, channels: 2, kind: 0x1a00 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0xff, 0xfb, 0x90, 0x00, 0xe2), { maxLength: 3000 }),
        async (junk) => {
          const bytes = Uint8Array.from(junk);
          findMp3Frame(bytes, { last: true });
          readXing(bytes, header);
          expect((await framesOf(bytes, header)).length).toBeLessThanOrEqual(bytes.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
