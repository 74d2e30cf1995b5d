import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBytes } from '../testing/sound.ts';
import { createPcmConverter, createStoredReader } from './converter.ts';
import { frameBytes, pcmFormat, sameFormat } from './format.ts';
import { type SampleFormat, sampleFormats } from './sample.ts';

const stereo = { sampleRate: 48_000, channels: 2 };

function convert(from: SampleFormat, input: Uint8Array, channels = 1) {
  const converter = createPcmConverter({ from, sampleRate: 48_000, channels });
  const stored = new Uint8Array(input.length * 3);
  const mono = new Float32Array(input.length);
  const frames = converter.toStored(input, stored);
  converter.toMono(input, mono);
  const { bitsPerSample, bytesPerSample } = converter.stored;
  const buffer = Buffer.from(stored);
  return {
    bitsPerSample,
    samples: Array.from({ length: frames * channels }, (_, index) =>
      buffer.readIntLE(index * bytesPerSample, bytesPerSample),
    ),
    mono: [...mono.subarray(0, frames)],
    inexact: converter.inexactFrames,
  };
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe('createPcmConverter', () => {
  it('stores 8-bit samples as 16-bit ones', () => {
    expect(convert('u8', Uint8Array.of(0, 128, 255))).toEqual({
      bitsPerSample: 16,
      samples: [-32_768, 0, 32_512],
      mono: [-1, 0, 32_512 / 32_768],
      inexact: 0,
    });
  });

  it('keeps 16-bit and packed 24-bit samples as they are', () => {
    const samples16 = Int32Array.of(-32_768, -1, 0, 32_767);
    expect(convert('s16le', toBytes(samples16, 16)).samples).toEqual([...samples16]);
    expect(convert('s16be', toBytes(samples16, 16).swap16()).samples).toEqual([...samples16]);
    const samples24 = Int32Array.of(-8_388_608, -1, 0, 8_388_607);
    expect(convert('s24le', toBytes(samples24, 24)).samples).toEqual([...samples24]);
  });

  it('takes the low 24 bits out of 32', () => {
    const input = Uint8Array.of(0xff, 0xff, 0xff, 0xaa, 0x01, 0x02, 0x03, 0x00);
    expect(convert('s24-32le', input).samples).toEqual([-1, 0x030201]);
  });

  it('rounds 32-bit samples and counts the frames that it had to round', () => {
    const input = new Uint8Array(Int32Array.of(256, -256, 0x7fffffff, 0x7fffff00, 383, 384).buffer);
    const { samples, inexact } = convert('s32le', input);
    expect(samples).toEqual([1, -1, 8_388_607, 8_388_607, 1, 2]);
    expect(inexact).toBe(3);
  });

  it('clips and rounds floating point and counts those frames', () => {
    const step = 2 ** -23;
    const { samples, inexact } = convert('float32le', floats(0.5, -1, 1, 2.5 * step, Number.NaN, -1.5));
    expect(samples).toEqual([4_194_304, -8_388_608, 8_388_607, 3, 0, -8_388_608]);
    expect(inexact).toBe(4);
  });

  it('counts a frame once, whichever of its channels is inexact', () => {
    expect(convert('float32le', floats(1e-9, 1e-9, 0.5, 1e-9), 2).inexact).toBe(2);
  });

  it('brings every 16-bit sample back exactly when it comes as floating point', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32_768, max: 32_767 }), (sample) => {
        const { samples, inexact } = convert('float32le', floats(sample / 32_768));
        expect([samples[0], inexact]).toEqual([sample * 256, 0]);
      }),
    );
  });

  it('takes the mean of the channels and leaves half a frame alone', () => {
    const input = toBytes(Int32Array.of(16_384, 0, -32_768, -32_768, 5), 16);
    expect(convert('s16le', input, 2).mono).toEqual([0.25, -1]);
    expect(convert('s16le', input, 2).samples).toEqual([16_384, 0, -32_768, -32_768]);
  });

  it('takes one channel where the other one is its opposite for a second', () => {
    const samples = Int32Array.from(
      { length: 4 * 48_000 },
      (_, i) => (i % 2 ? -1 : 1) * Math.round(9000 * Math.sin(Math.floor(i / 2) / 9)),
    );
    const { mono } = convert('s16le', toBytes(samples, 16), 2);
    expect(mono.slice(0, 48_000).every((sample) => sample === 0)).toBe(true);
    for (const frame of [60_000, 60_007, 95_999]) expect(mono[frame]).toBe(samples[2 * frame] / 32_768);
  });

  it.each(sampleFormats)('takes any bytes as %s', (from) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        const { mono } = convert(from, input, 2);
        expect(mono.every((sample) => Math.abs(sample) <= 1)).toBe(true);
      }),
    );
  });
});

describe('stored PCM', () => {
  it('is read back as mono', () => {
    const mono = new Float32Array(2);
    const reader = createStoredReader(pcmFormat({ ...stereo, bitsPerSample: 24 }));
    expect(reader.toMono(toBytes(Int32Array.of(4_194_304, 0), 24), mono)).toBe(1);
    expect(mono[0]).toBe(0.25);
  });

  it('knows the size of its frames and whether two formats are the same', () => {
    const a = pcmFormat({ ...stereo, bitsPerSample: 24 });
    expect(frameBytes(a)).toBe(6);
    expect(sameFormat(a, { ...a })).toBe(true);
    expect(sameFormat(a, pcmFormat({ ...stereo, bitsPerSample: 16 }))).toBe(false);
  });
});
