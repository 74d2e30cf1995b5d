import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, run, temporaryFolder, testSamples, writeWav } from '../testing/sound.ts';
import { openAudioFile } from './audio-file.ts';
import { ByteStream } from './bytes.ts';
import { AudioFileError } from './error.ts';
import { openWav } from './wav.ts';

const FRAMES = 20_000;
const samples = testSamples({ frames: FRAMES });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples });
});
afterAll(() => folder[Symbol.asyncDispose]());

async function decode(path: string) {
  const file = await openAudioFile(path);
  const planar = await collect(file.blocks()).finally(() => file.close());
  return { file, planar };
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('openWav', () => {
  it.each([
    ['pcm_u8', 8, 1 / 100],
    ['pcm_s16le', 16, 0],
    ['pcm_s24le', 24, 0],
    ['pcm_s32le', 32, 0],
    ['pcm_f32le', null, 0],
    ['pcm_f64le', null, 0],
  ])('reads %s', async (codec, bits, error) => {
    const path = folder.file(`${codec}.wav`);
    await run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), '-c:a', codec, path);
    const { file, planar } = await decode(path);
    expect(file).toMatchObject({ bitsPerSample: bits, durationSeconds: FRAMES / 44_100 });
    const wrong = planar.findIndex((channel, index) =>
      channel.some((sample, frame) => Math.abs(sample - samples[frame * 2 + index] / 32_768) > error),
    );
    expect(wrong).toBe(-1);
    expect(planar[1].length).toBe(FRAMES);
  });

  it('reads RF64 and the extensible header of many channels', async () => {
    const rf64 = folder.file('rf64.wav');
    await run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), '-rf64', 'always', rf64);
    expect((await readFile(rf64)).toString('latin1', 0, 4)).toBe('RF64');
    expect((await decode(rf64)).planar[0].length).toBe(FRAMES);
    const surround = folder.file('surround.wav');
    await run('sox', folder.file('a.wav'), '-b', '24', surround, 'remix', '1', '2', '1', '2', '1', '2');
    const { file, planar } = await decode(surround);
    expect(file).toMatchObject({ channels: 6, bitsPerSample: 24 });
    expect(planar[4]).toEqual(planar[0]);
  });

  it('reads to the end of a stream whose length nobody wrote down, past chunks that it does not know', async () => {
    const whole = await readFile(folder.file('a.wav'));
    const list = Buffer.from('LIST\x05\x00\x00\x00abcde\x00', 'latin1');
    for (const size of [0, 0xffffffff]) {
      const streamed = Buffer.concat([whole.subarray(0, 36), list, whole.subarray(36)]);
      streamed.writeUInt32LE(size, 40 + list.length);
      const sound = await openWav({ bytes: new ByteStream(pieces(streamed, 999)) });
      expect(sound.durationSeconds).toBeUndefined();
      expect((await collect(sound.decode()))[0].length).toBe(FRAMES);
    }
  });

  it.each([
    ['pcm_f32le', 4],
    ['pcm_f64le', 8],
  ])('reads what is no number in %s as silence', async (codec, bytes) => {
    const path = folder.file(`numbers ${codec}.wav`);
    await run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), '-c:a', codec, path);
    const file = await readFile(path);
    const write = (value: number, at: number) =>
      bytes === 4 ? file.writeFloatLE(value, at) : file.writeDoubleLE(value, at);
    const from = file.length - FRAMES * 2 * bytes;
    const wrong = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [i, value] of wrong.entries()) write(value, from + (100 + i) * 2 * bytes);
    await writeFile(path, file);
    const { planar } = await decode(path);
    expect([...planar[0].subarray(100, 103)]).toEqual([0, 0, 0]);
    expect(planar[1][101]).toBeCloseTo(samples[203] / 32_768);
    expect(planar.every((channel) => channel.every(Number.isFinite))).toBe(true);
  });

  it('refuses compressed sound', async () => {
    const path = folder.file('adpcm.wav');
    await run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), '-c:a', 'adpcm_ms', path);
    await expect(openAudioFile(path)).rejects.toThrow('coding 2, which is not plain PCM');
  });

  it('never fails but with an AudioFileError, whatever follows the first bytes', async () => {
    const sign = Buffer.from('RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00', 'latin1');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (rest) => {
        await writeFile(folder.file('fuzz'), Buffer.concat([sign, rest]));
        const outcome = await decode(folder.file('fuzz')).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AudioFileError);
      }),
      { numRuns: 150 },
    );
  });
});
