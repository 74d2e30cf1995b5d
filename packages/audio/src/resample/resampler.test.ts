import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from './resampler.ts';

const tone = ({ hz, rate, length }: { hz: number; rate: number; length: number }) =>
  Float32Array.from({ length }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rate));

function resample({
  from,
  to,
  input,
  pieces,
}: {
  from: number;
  to: number;
  input: Float32Array;
  pieces: number[];
}) {
  const resampler = createResampler({ from, to });
  const output: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    output.push(...resampler.push(input.subarray(at, at + piece)));
    at += piece;
  }
  output.push(...resampler.push(input.subarray(at)), ...resampler.flush());
  return output;
}

/** Noise against signal in dB, without the first and last `margin` samples. */
function noiseLevel(output: number[], wanted: Float32Array, margin = 200): number {
  let noise = 0;
  let energy = 0;
  for (let index = margin; index < output.length - margin; index += 1) {
    noise += (output[index] - wanted[index]) ** 2;
    energy += wanted[index] ** 2;
  }
  return 10 * Math.log10(noise / energy);
}

describe('createResampler', () => {
  it.each([
    [44_100, 11_025],
    [48_000, 11_025],
    [96_000, 11_025],
    [44_100, 16_000],
    [44_100, 48_000],
    [22_050, 44_100],
  ])('keeps a tone in its place from %i to %i Hz, its noise under -100 dB', (from, to) => {
    const output = resample({ from, to, input: tone({ hz: 1000, rate: from, length: from }), pieces: [] });
    expect(output.length).toBe(to);
    expect(noiseLevel(output, tone({ hz: 1000, rate: to, length: to }))).toBeLessThan(-100);
  });

  it('lets nothing of a tone above half the new rate through', () => {
    const output = resample({
      from: 44_100,
      to: 11_025,
      input: tone({ hz: 6500, rate: 44_100, length: 44_100 }),
      pieces: [],
    });
    expect(Math.max(...output.slice(200, -200).map(Math.abs))).toBeLessThan(1e-5);
  });

  it('gives the same samples however the input is cut', () => {
    const input = tone({ hz: 440, rate: 44_100, length: 3000 });
    const whole = resample({ from: 44_100, to: 11_025, input, pieces: [] });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }), (pieces) => {
        expect(resample({ from: 44_100, to: 11_025, input, pieces })).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('starts anew after its end', () => {
    const resampler = createResampler({ from: 48_000, to: 16_000 });
    const input = tone({ hz: 300, rate: 48_000, length: 1000 });
    const once = [...resampler.push(input), ...resampler.flush()];
    expect([...resampler.push(input), ...resampler.flush()]).toEqual(once);
  });

  it('gives the input back when the rates are equal', () => {
    const resampler = createResampler({ from: 16_000, to: 16_000 });
    expect([...resampler.push(Float32Array.of(0.5, -1))]).toEqual([0.5, -1]);
    expect(resampler.flush().length).toBe(0);
  });
});
