import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, ffmpegDecoder, run, temporaryFolder, testSamples, writeWav } from '../testing/sound.ts';
import { openAudioFile } from './audio-file.ts';
import { AudioFileError } from './error.ts';

const RATE = 44_100;
const FRAMES = RATE * 3 + 123;
const samples = testSamples({ frames: FRAMES });
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples });
  const encode = (name: string, ...options: string[]) =>
    run('ffmpeg', '-v', 'error', '-i', folder.file('a.wav'), ...options, folder.file(name));
  await encode('a.mp3', '-b:a', '192k');
  await encode('mono.mp3', '-ac', '1', '-b:a', '96k');
  await encode('a.ogg', '-c:a', 'libvorbis', '-q:a', '5');
  await encode('a.opus', '-c:a', 'libopus', '-b:a', '96k');
  await encode('a.m4a', '-c:a', 'alac');
  await run('flac', '-s', '-o', folder.file('a.flac'), folder.file('a.wav'));
});
afterAll(() => folder[Symbol.asyncDispose]());

async function decode(name: string) {
  const file = await openAudioFile(folder.file(name), { decodeExternally: ffmpegDecoder });
  const { sampleRate, channels, bitsPerSample, durationSeconds } = file;
  const planar = await collect(file.blocks()).finally(() => file.close());
  return { sampleRate, channels, bitsPerSample, durationSeconds, planar };
}

/** Energy of the difference against that of the source, in dB. */
function errorLevel(decoded: Float32Array, channel: number): number {
  let error = 0;
  let energy = 0;
  for (let frame = 0; frame < decoded.length; frame += 1) {
    const wanted = samples[frame * 2 + channel] / 32_768;
    error += (decoded[frame] - wanted) ** 2;
    energy += wanted ** 2;
  }
  return 10 * Math.log10(error / energy);
}

describe('openAudioFile', () => {
  it.each([
    ['a.flac', 16, -200],
    ['a.wav', 16, -200],
    ['a.mp3', null, -20],
    ['a.ogg', null, -20],
    ['a.m4a', null, -200],
  ])('gives every frame of %s in its place', async (name, bits, level) => {
    const { planar, sampleRate, channels, bitsPerSample, durationSeconds } = await decode(name);
    expect({ sampleRate, channels, bitsPerSample }).toEqual({
      sampleRate: RATE,
      channels: 2,
      bitsPerSample: bits,
    });
    expect(planar.map((channel) => channel.length)).toEqual([FRAMES, FRAMES]);
    expect(errorLevel(planar[0], 0)).toBeLessThan(level);
    expect(errorLevel(planar[1], 1)).toBeLessThan(level);
    if (durationSeconds !== undefined) expect(durationSeconds).toBeCloseTo(FRAMES / RATE, 4);
  });

  it('takes the pre-skip off an Opus file and decodes it at 48 kHz', async () => {
    const { planar, sampleRate, durationSeconds } = await decode('a.opus');
    expect(sampleRate).toBe(48_000);
    expect(planar[0].length).toBe(Math.ceil((FRAMES * 48_000) / RATE));
    expect(durationSeconds).toBeCloseTo(FRAMES / RATE, 3);
  });

  it('gives one channel for a mono MP3', async () => {
    const { planar, channels } = await decode('mono.mp3');
    expect(channels).toBe(1);
    expect(planar.map((channel) => channel.length)).toEqual([FRAMES]);
  });

  it('goes by the content and not by the name', async () => {
    await copyFile(folder.file('a.flac'), folder.file('wrong.mp3'));
    expect((await decode('wrong.mp3')).planar[0].length).toBe(FRAMES);
  });

  it('finds MP3 sound behind a large ID3 tag and before an old one', async () => {
    const tag = Buffer.concat([
      Buffer.from('ID3\x04\x00\x00\x00\x10\x00\x00', 'latin1'),
      Buffer.alloc(16 * 16_384),
    ]);
    const end = Buffer.alloc(128, 'TAG');
    await writeFile(folder.file('tagged'), Buffer.concat([tag, await readFile(folder.file('a.mp3')), end]));
    expect((await decode('tagged')).planar[0].length).toBe(FRAMES);
  });

  it('frees the decoder when the listener stops early, and can be closed', async () => {
    for (const name of ['a.flac', 'a.mp3', 'a.ogg', 'a.opus', 'a.wav', 'a.m4a']) {
      const file = await openAudioFile(folder.file(name), { decodeExternally: ffmpegDecoder });
      for await (const block of file.blocks()) {
        expect(block[0].length).toBeLessThanOrEqual(file.sampleRate);
        break;
      }
      await file.close();
    }
  });
});

describe('openAudioFile on what is no good sound file', () => {
  const refused = async (name: string) => {
    const failure = await decode(name).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AudioFileError);
    return (failure as AudioFileError).message;
  };

  it('says that an empty file is empty', async () => {
    await writeFile(folder.file('empty.flac'), '');
    expect(await refused('empty.flac')).toBe('The sound file is empty.');
  });

  it('says that a file of a few bytes is no sound', async () => {
    for (const text of ['x', 'ID3', 'OggS', 'RIFF1234WAVE', '\xff\xfb']) {
      await writeFile(folder.file('tiny'), text, 'latin1');
      expect(await refused('tiny')).not.toMatch(/out of range/);
    }
  });

  it('says that text, a missing file and a folder are not sound', async () => {
    await writeFile(folder.file('text.mp3'), 'This is a shopping list.\n'.repeat(100));
    expect(await refused('text.mp3')).toBe('This is not a sound file of a known kind.');
    expect(await refused('missing.wav')).toMatch(/cannot be read.*ENOENT/);
    expect(await refused('.')).toMatch(/cannot be read.*EISDIR/);
  });

  it('asks for ffmpeg when it meets a kind that it cannot decode itself', async () => {
    await expect(openAudioFile(folder.file('a.m4a'))).rejects.toThrow(
      'only be read when ffmpeg is installed',
    );
  });

  it('passes on what the program outside said', async () => {
    const failing = async function* () {
      yield Buffer.from('RIFF');
      throw new Error('There is no ffmpeg on this machine.');
    };
    await expect(openAudioFile(folder.file('a.m4a'), { decodeExternally: failing })).rejects.toThrow(
      'The sound file cannot be read: There is no ffmpeg on this machine.',
    );
  });

  it('says that a sound file without sound holds none', async () => {
    await copyFile(folder.file('a.wav'), folder.file('hollow.wav'));
    await truncate(folder.file('hollow.wav'), 44);
    expect(await refused('hollow.wav')).toBe('The sound file holds no sound that can be read.');
  });

  it.each(['a.flac', 'a.mp3', 'a.ogg', 'a.opus', 'a.wav'])(
    'decodes what is left of a cut-off %s',
    async (name) => {
      const whole = await readFile(folder.file(name));
      await writeFile(folder.file(`cut-${name}`), whole.subarray(0, whole.length / 2));
      const { planar, sampleRate } = await decode(`cut-${name}`);
      expect(planar[0].length / sampleRate).toBeGreaterThan(0.8);
      expect(planar[0].length / sampleRate).toBeLessThan(2.5);
    },
  );

  it.each(['a.flac', 'a.mp3', 'a.ogg', 'a.opus', 'a.wav'])('survives any damage to %s', async (name) => {
    const whole = await readFile(folder.file(name));
    const damage = fc.array(
      fc.tuple(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 400 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const broken = Buffer.from(whole);
        for (const [at, bytes] of places) broken.set(bytes.subarray(0, whole.length - at), at);
        await writeFile(folder.file('broken'), broken);
        const outcome = await decode('broken').catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AudioFileError);
      }),
      { numRuns: 12 },
    );
  });
});
