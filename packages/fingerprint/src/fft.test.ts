import { describe, expect, it } from 'vitest';
import { PairSpectrum } from './fft.ts';

describe('PairSpectrum', () => {
  it('tells two frames apart that went through one transform', () => {
    const size = 64;
    const samples = new Float32Array(2 * size);
    for (let i = 0; i < size; i++) {
      samples[i] = Math.sin((2 * Math.PI * 5 * i) / size);
      samples[size + i] = 2 * Math.sin((2 * Math.PI * 11 * i) / size);
    }
    const a = new Float32Array(size / 2);
    const b = new Float32Array(size / 2);
    new PairSpectrum(size).compute(samples, 0, size, a, b);
    expect(a.indexOf(Math.max(...a))).toBe(5);
    expect(b.indexOf(Math.max(...b))).toBe(11);
    // A Hann window halves the amplitude: (1 * 64 / 4) squared, and twice the amplitude four times that.
    expect(a[5]).toBeCloseTo(256, 0);
    expect(b[11]).toBeCloseTo(1024, 0);
    expect(a[11]).toBeLessThan(1e-3);
  });

  it('refuses a size that is no power of four', () => {
    expect(() => new PairSpectrum(512)).toThrow(RangeError);
  });
});
