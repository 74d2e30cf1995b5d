import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteFile } from '../decode/bytes.ts';
import { encodeWithFlac, temporaryFolder, testSamples } from '../testing/sound.ts';
import { readFlacFrames } from './frames.ts';
import { readFlacLayout } from './layout.ts';
import { formatStreamInfo, parseStreamInfo } from './stream-info.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** All samples of a file, interleaved, each frame where its header says it belongs. */
async function decode(path: string, { chunk = 5000 } = {}) {
  const file = await ByteFile.open(path);
  const { info, firstFrame } = await readFlacLayout({ file, from: 0 });
  const samples = new Int32Array(info.totalSamples * info.channels);
  const positions: number[] = [];
  const chunks = file.chunks({ from: firstFrame, size: chunk });
  for await (const frame of readFlacFrames({ chunks, info })) {
    positions.push(frame.position);
    frame.channels.forEach((channel, index) => {
      channel.forEach((sample, offset) => {
        samples[(frame.position + offset) * info.channels + index] = sample;
      });
    });
  }
  await file.close();
  return { samples, positions, info };
}

const FRAMES = 20_011;
const quiet = (samples: Int32Array) => samples.map((sample) => sample & ~0xff);
const mirrored = (samples: Int32Array) =>
  samples.map((_, index) => (index % 2 ? -samples[index - 1] : samples[index]));
const noise = (samples: Int32Array) => samples.map((sample) => (Math.imul(sample, 40_503) << 16) >> 16);

describe('readFlacFrames', () => {
  const music = testSamples({ frames: FRAMES });
  it.each([
    ['fixed predictors', { samples: music, options: ['-0'] }],
    ['linear predictors of up to 8 taps', { samples: music, options: ['-5'] }],
    ['linear predictors of up to 12 taps', { samples: music, options: ['-8'] }],
    ['linear predictors of 32 taps', { samples: music, options: ['--lax', '-l', '32', '-e', '-b', '4608'] }],
    ['blocks of 16 samples', { samples: music, options: ['-b', '16', '-l', '0'] }],
    ['blocks of an odd size', { samples: music, options: ['--lax', '-b', '12345'] }],
    ['mid and side', { samples: mirrored(music), options: ['-m'] }],
    ['a constant', { samples: new Int32Array(FRAMES * 2).fill(-7) }],
    ['wasted bits', { samples: quiet(music) }],
    ['plain samples', { samples: noise(music) }],
    ['24 bit', { samples: testSamples({ frames: FRAMES, bits: 24 }), bits: 24, options: ['-8'] }],
    ['one channel', { samples: testSamples({ frames: FRAMES, channels: 1 }), channels: 1 }],
    ['eight channels', { samples: testSamples({ frames: FRAMES, channels: 8 }), channels: 8 }],
    ['192 kHz', { samples: music, sampleRate: 192_000 }],
    ['a rate of its own', { samples: music, sampleRate: 12_345 }],
  ])('gives back bit for bit what was encoded with %s', async (title, sound) => {
    const path = folder.file(`${title}.flac`);
    await encodeWithFlac({ path, ...sound });
    expect((await decode(path)).samples).toEqual(sound.samples);
  });

  it('leaves a broken frame out and goes on with the next one', async () => {
    const path = folder.file('hole.flac');
    await encodeWithFlac({ path, samples: music, options: ['-b', '1024'] });
    const whole = await decode(path);
    const file = await ByteFile.open(path);
    const { info, firstFrame } = await readFlacLayout({ file, from: 0 });
    await file.close();
    const bytes = (await readFile(path)).subarray(firstFrame);
    bytes.fill(0, bytes.length / 2, bytes.length / 2 + 10);

    const positions: number[] = [];
    const chunks = (async function* () {
      yield bytes;
    })();
    for await (const frame of readFlacFrames({ chunks, info })) positions.push(frame.position);
    expect(whole.positions.length - positions.length).toBe(1);
    expect(positions.at(-1)).toBe(whole.positions.at(-1));
  });

  it('does not care how the bytes are cut', async () => {
    const path = folder.file('cut.flac');
    await encodeWithFlac({ path, samples: music });
    expect((await decode(path, { chunk: 61 })).samples).toEqual(music);
  });
});

describe('STREAMINFO', () => {
  it('comes back as it was written', () => {
    const info = {
      minBlock: 4096,
      maxBlock: 65_535,
      minFrameBytes: 0x123456,
      maxFrameBytes: 0xfedcba,
      sampleRate: 655_350,
      channels: 8,
      bitsPerSample: 24,
      totalSamples: 2 ** 36 - 2,
      md5: Uint8Array.from({ length: 16 }, (_, index) => index * 16),
    };
    expect(parseStreamInfo(formatStreamInfo(info))).toEqual(info);
  });

  it('is refused when it is short or all zero', () => {
    expect(parseStreamInfo(new Uint8Array(20))).toBeNull();
    expect(parseStreamInfo(new Uint8Array(34))).toBeNull();
  });
});
