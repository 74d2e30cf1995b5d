import { describe, expect, it } from 'vitest';
import { extractLandmarks, LandmarkExtractor } from './extract.ts';
import { binToStep, FINGERPRINT_SAMPLE_RATE, FRAME, secondsToFrames } from './geometry.ts';
import { tune } from './testing/tune.ts';

describe('extractLandmarks', () => {
  it('finds a burst of one tone where and when it sounds, between the grid lines', () => {
    const pcm = new Float32Array(2 * FINGERPRINT_SAMPLE_RATE);
    const hz = 1003;
    const middle = 0.9371;
    for (let i = 0; i < pcm.length; i++) {
      const t = i / FINGERPRINT_SAMPLE_RATE;
      pcm[i] = Math.exp(-(((t - middle) / 0.05) ** 2)) * Math.sin(2 * Math.PI * hz * t);
    }
    const peaks = extractLandmarks(pcm, 'index');
    const strongest = [...peaks.step].findIndex(
      (step) => Math.abs(step - binToStep((hz * FRAME) / 11025)) < 0.1,
    );
    expect(strongest).toBeGreaterThanOrEqual(0);
    const frame = secondsToFrames(middle) - FRAME / 2 / 128;
    expect(peaks.time[strongest]).toBeCloseTo(frame, 0);
  });

  it('gives the same peaks however the sound is cut into pieces', () => {
    const pcm = tune(1, 6);
    const extractor = new LandmarkExtractor('query');
    for (let at = 0, piece = 1; at < pcm.length; at += piece, piece = (piece * 7) % 5003) {
      extractor.push(pcm.subarray(at, at + piece));
    }
    const whole = extractLandmarks(pcm, 'query');
    const pieces = extractor.finish();
    expect(pieces.frames).toBe(whole.frames);
    expect(pieces.time).toEqual(whole.time);
    expect(pieces.step).toEqual(whole.step);
  });

  it('keeps the ration: 16 peaks a second for the index, 60 for a query', () => {
    const random = tune(3, 10).map((_, i) => Math.sin(i * i * 0.37) * 0.1);
    expect(extractLandmarks(random, 'index').count).toBeLessThanOrEqual(16 * 11);
    expect(extractLandmarks(random, 'query').count).toBeLessThanOrEqual(60 * 11);
  });

  it('finds nothing in silence, in one sample, in no sound', () => {
    for (const length of [0, 1, FRAME - 1, FRAME, 30_000]) {
      expect(extractLandmarks(new Float32Array(length), 'query').count).toBe(0);
    }
  });

  it('takes samples that are no sound for silence, and goes on', () => {
    for (const noSound of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -3e38]) {
      const [pcm, silenced] = [tune(1, 6), tune(1, 6)];
      pcm[20_000] = noSound;
      silenced[20_000] = 0;
      expect(extractLandmarks(pcm, 'index')).toEqual(extractLandmarks(silenced, 'index'));
    }
  });

  it('gives its peaks in order of time', () => {
    const { time } = extractLandmarks(tune(2, 5), 'query');
    expect([...time]).toEqual([...time].sort((a, b) => a - b));
  });
});
