import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmFormat } from '../pcm/format.ts';
import { testSamples, toBytes } from '../testing/sound.ts';
import { medianAbsChart } from './chart.ts';

const mono = pcmFormat({ sampleRate: 8000, channels: 1, bitsPerSample: 16 });

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0 ? 0 : (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

describe('medianAbsChart', () => {
  it('is the median of the absolute samples of each part', async () => {
    const samples = Int32Array.of(-32_768, 16_384, 0, 0, 8192, -8192, 8192, 100);
    const chart = await medianAbsChart({
      frames: pieces(toBytes(samples, 16), 6),
      format: mono,
      totalFrames: 8,
      parts: 2,
    });
    expect(chart).toEqual([0.25, 0.25]);
  });

  it('agrees with a plain median, however the sound is cut and divided', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 9 }),
        async (samples, parts, size) => {
          const bytes = toBytes(Int32Array.from(samples), 16);
          const chart = await medianAbsChart({
            frames: pieces(bytes, size * 2),
            format: mono,
            totalFrames: samples.length,
            parts,
          });
          const limits = Array.from({ length: parts + 1 }, (_, part) =>
            Math.floor((part * samples.length) / parts),
          );
          const wanted = limits
            .slice(1)
            .map((end, part) =>
              median(samples.slice(limits[part], end).map((sample) => Math.abs(sample) / 32_768)),
            );
          expect(chart).toEqual(wanted);
        },
      ),
    );
  });

  it('mixes the channels before it measures', async () => {
    const stereo = pcmFormat({ sampleRate: 8000, channels: 2, bitsPerSample: 24 });
    const opposed = testSamples({ frames: 100, channels: 1, bits: 24 });
    const samples = Int32Array.from(
      { length: 200 },
      (_, index) => (index % 2 ? -1 : 1) * opposed[index >> 1],
    );
    const chart = await medianAbsChart({
      frames: pieces(toBytes(samples, 24), 60),
      format: stereo,
      totalFrames: 100,
      parts: 3,
    });
    expect(chart).toEqual([0, 0, 0]);
  });
});
