import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmFormat } from '../pcm/format.ts';
import { png } from '../testing/picture.ts';
import { encodeWithFlac, run, temporaryFolder, testSamples, toBytes } from '../testing/sound.ts';
import { encodeFlac } from './encode.ts';
import { openFlac } from './flac-file.ts';

async function* pieces(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return Buffer.concat(all);
}

const FRAMES = 30_011;
const format16 = pcmFormat({ sampleRate: 44_100, channels: 2, bitsPerSample: 16 });
const bytes16 = toBytes(testSamples({ frames: FRAMES }), 16);

describe('encodeFlac', () => {
  it.each([
    [16, 1, 44_100],
    [16, 2, 48_000],
    [24, 2, 96_000],
    [16, 6, 44_100],
    [24, 8, 192_000],
    [24, 1, 12_345],
  ] as const)(
    'writes %i bit, %i channels at %i Hz so that flac gives it back bit for bit',
    async (bits, channels, sampleRate) => {
      await using folder = await temporaryFolder();
      const path = folder.file('a.flac');
      const bytes = toBytes(testSamples({ frames: FRAMES, channels, bits }), bits);
      const format = pcmFormat({ sampleRate, channels, bitsPerSample: bits });
      expect(await encodeFlac({ path, format, frames: pieces(bytes) })).toEqual({ frames: FRAMES });
      expect(await run('flac', '-t', path)).toMatch(/ok/);
      await run(
        'flac',
        '-s',
        '-d',
        '--force-raw-format',
        '--endian=little',
        '--sign=signed',
        '-o',
        folder.file('a.raw'),
        path,
      );
      expect((await readFile(folder.file('a.raw'))).equals(bytes)).toBe(true);
      expect(await run('metaflac', '--show-md5sum', '--show-total-samples', path)).toBe(
        `${createHash('md5').update(bytes).digest('hex')}\n${FRAMES}\n`,
      );
    },
  );

  it('writes tags, the picture with its size, and room to edit', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a.flac');
    const picture = { mime: 'image/jpeg', bytes: png({ width: 61, height: 37 }) };
    const tags = { TITLE: 'Für Elise ♫', ARTIST: '坂本', TRACKNUMBER: '7' };
    await encodeFlac({ path, format: format16, frames: pieces(bytes16), tags, picture });
    expect(await run('metaflac', '--no-utf8-convert', '--export-tags-to=-', path)).toBe(
      'TITLE=Für Elise ♫\nARTIST=坂本\nTRACKNUMBER=7\n',
    );
    const list = await run('metaflac', '--list', path);
    expect(list).toMatch(/MIME type: image\/png[\s\S]*width: 61[\s\S]*height: 37[\s\S]*depth: 24/);
    expect(
      Number(/type: 1 \(PADDING\)\s+is last: true\s+length: (\d+)/.exec(list)?.[1]),
    ).toBeGreaterThanOrEqual(8192);
    await run('metaflac', `--export-picture-to=${folder.file('out.png')}`, path);
    expect((await readFile(folder.file('out.png'))).equals(picture.bytes)).toBe(true);
    expect(await run('flac', '-t', path)).toMatch(/ok/);
  });

  it('has seek points that lead to the right samples', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a.flac');
    const format = pcmFormat({ sampleRate: 8000, channels: 1, bitsPerSample: 16 });
    const bytes = toBytes(testSamples({ frames: 100_000, channels: 1 }), 16);
    await encodeFlac({ path, format, frames: pieces(bytes), seekEverySeconds: 1 });
    const list = await run('metaflac', '--list', '--block-type=SEEKTABLE', path);
    expect(list).toMatch(/seek points: 13/);
    expect(list).toMatch(/point 0: sample_number=0, stream_offset=0, frame_samples=/);
    await run(
      'flac',
      '-s',
      '-d',
      '--skip=50000',
      '--until=50100',
      '--force-raw-format',
      '--endian=little',
      '--sign=signed',
      '-o',
      folder.file('a.raw'),
      path,
    );
    expect((await readFile(folder.file('a.raw'))).equals(bytes.subarray(100_000, 100_200))).toBe(true);
  });

  it('keeps a file that is there, and writes none without sound or for a broken source', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a.flac');
    await writeFile(path, 'mine');
    const make = (frames: AsyncIterable<Uint8Array>) => encodeFlac({ path, format: format16, frames });
    await expect(make(pieces(bytes16))).rejects.toThrow('EEXIST');
    await expect(make(pieces(new Uint8Array(0)))).rejects.toThrow('There is no sound to write.');
    const broken = (async function* () {
      yield bytes16;
      throw new Error('the buffer is gone');
    })();
    await expect(make(broken)).rejects.toThrow('the buffer is gone');
    expect(await readFile(path, 'utf8')).toBe('mine');
    await encodeFlac({ path, format: format16, frames: pieces(bytes16), replace: true });
    expect(await run('flac', '-t', path)).toMatch(/ok/);
  });

  it('refuses what FLAC cannot hold', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a.flac');
    const format = pcmFormat({ sampleRate: 44_100, channels: 9, bitsPerSample: 16 });
    await expect(encodeFlac({ path, format, frames: pieces(bytes16) })).rejects.toThrow(RangeError);
    const tags = { 'A=B': 'x' };
    await expect(encodeFlac({ path, format: format16, frames: pieces(bytes16), tags })).rejects.toThrow(
      RangeError,
    );
  });

  it('lets other work run in between', async () => {
    await using folder = await temporaryFolder();
    const bytes = toBytes(testSamples({ frames: 400_000 }), 16);
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    await encodeFlac({ path: folder.file('a.flac'), format: format16, frames: pieces(bytes, bytes.length) });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(10);
  });

  it('runs twice at a time', async () => {
    await using folder = await temporaryFolder();
    const paths = [folder.file('a.flac'), folder.file('b.flac')];
    await Promise.all(paths.map((path) => encodeFlac({ path, format: format16, frames: pieces(bytes16) })));
    expect((await readFile(paths[0])).equals(await readFile(paths[1]))).toBe(true);
  });
});

describe('openFlac', () => {
  it('cuts any stretch out exactly, with a seek table and without', async () => {
    await using folder = await temporaryFolder();
    const samples = testSamples({ frames: FRAMES, bits: 24 });
    const bytes = toBytes(samples, 24);
    const format = pcmFormat({ sampleRate: 8000, channels: 2, bitsPerSample: 24 });
    const ours = folder.file('ours.flac');
    await encodeFlac({ path: ours, format, frames: pieces(bytes), seekEverySeconds: 1 });
    const theirs = folder.file('theirs.flac');
    await encodeWithFlac({ path: theirs, samples, bits: 24, sampleRate: 8000, options: ['--no-seektable'] });
    for (const path of [ours, theirs]) {
      const file = await openFlac(path);
      expect(file).toMatchObject({ format, frames: FRAMES });
      await fc.assert(
        fc.asyncProperty(fc.nat(FRAMES), fc.nat(FRAMES), async (one, other) => {
          const [fromFrame, toFrame] = [Math.min(one, other), Math.max(one, other)];
          const stretch = await joined(file.read({ fromFrame, toFrame }));
          expect(stretch.equals(bytes.subarray(fromFrame * 6, toFrame * 6))).toBe(true);
        }),
        { numRuns: 15 },
      );
      await file.close();
    }
  });

  it('says so when the file is cut off, is no FLAC, or is asked for more than it has', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a.flac');
    await encodeFlac({ path, format: format16, frames: pieces(bytes16) });
    const whole = await readFile(path);
    const file = await openFlac(path);
    await expect(joined(file.read({ fromFrame: 0, toFrame: FRAMES + 1 }))).rejects.toThrow(
      'damaged or cut off',
    );
    await file.close();
    await writeFile(path, whole.subarray(0, whole.length - 2000));
    const cut = await openFlac(path);
    await expect(joined(cut.read({ fromFrame: 0, toFrame: FRAMES }))).rejects.toThrow('damaged or cut off');
    await cut.close();
    await writeFile(path, 'fLaC');
    await expect(openFlac(path)).rejects.toThrow('ends before its sound begins');
    await writeFile(path, 'no sound at all');
    await expect(openFlac(path)).rejects.toThrow('This is not a FLAC file.');
  });
});
