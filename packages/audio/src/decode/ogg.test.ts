import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder, testSamples, writeWav } from '../testing/sound.ts';
import { ByteFile } from './bytes.ts';
import { firstPacket, lastGranule, oggPages, serialOf } from './ogg.ts';
import { readOpusHead, readVorbisHead } from './ogg-sound.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bytes: Buffer;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples: testSamples({ frames: 100_000 }) });
  await run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), '-c:a', 'libvorbis', folder.file('a.ogg'));
  bytes = await readFile(folder.file('a.ogg'));
});
afterAll(() => folder[Symbol.asyncDispose]());

async function pagesOf(source: Uint8Array, { size = 700, serial = serialOf(bytes) } = {}): Promise<Buffer[]> {
  const chunks = (async function* () {
    for (let at = 0; at < source.length; at += size) yield source.subarray(at, at + size);
  })();
  const pages: Buffer[] = [];
  for await (const page of oggPages({ chunks, serial })) pages.push(Buffer.from(page));
  return pages;
}

describe('oggPages', () => {
  it('gives every byte of a sound file, page by page', async () => {
    const pages = await pagesOf(bytes);
    expect(pages.length).toBeGreaterThan(3);
    expect(Buffer.concat(pages).equals(bytes)).toBe(true);
  });

  it('leaves out the page that is damaged, and only that', async () => {
    const pages = await pagesOf(bytes);
    const damaged = Buffer.from(bytes);
    damaged[pages[0].length + pages[1].length + 100] ^= 1;
    expect(await pagesOf(damaged)).toEqual(pages.filter((_, index) => index !== 2));
  });

  it('steps over junk between pages and over other streams', async () => {
    const [first, second] = await pagesOf(bytes);
    const junk = Buffer.from('OggS and more OggS');
    expect(await pagesOf(Buffer.concat([junk, first, junk, second]))).toEqual([first, second]);
    expect(await pagesOf(bytes, { serial: serialOf(bytes) ^ 1 })).toEqual([]);
  });

  it('takes any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (junk) => {
        expect(await pagesOf(Buffer.concat([Buffer.from('OggS'), junk]), { size: 37 })).toEqual([]);
      }),
    );
  });
});

it('finds the length of the sound in the last page', async () => {
  const file = await ByteFile.open(folder.file('a.ogg'));
  expect(await lastGranule(file, serialOf(bytes))).toBe(100_000);
  expect(await lastGranule(file, 1)).toBeUndefined();
  await file.close();
  await writeFile(folder.file('none'), 'OggS');
  const none = await ByteFile.open(folder.file('none'));
  expect(await lastGranule(none, 1)).toBeUndefined();
  await none.close();
});

it('reads the identification headers and refuses others', () => {
  expect(readVorbisHead(firstPacket(bytes))).toEqual({ channels: 2, sampleRate: 44_100, preSkip: 0 });
  expect(() => readVorbisHead(new Uint8Array(30))).toThrow('broken header');
  expect(() => readOpusHead(new Uint8Array(5))).toThrow('broken header');
});
