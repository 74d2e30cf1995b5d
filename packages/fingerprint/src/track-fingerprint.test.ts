import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintError } from './errors.ts';
import { extractLandmarks } from './extract.ts';
import { fingerprintOf, tune } from './testing/tune.ts';
import { encodeTrackFingerprint, TrackFingerprint } from './track-fingerprint.ts';

const pcm = tune(5, 20);

describe('TrackFingerprint', () => {
  it('keeps peaks to a quarter of a frame and an eighth of a step', () => {
    const peaks = extractLandmarks(pcm, 'index');
    const kept = encodeTrackFingerprint(peaks).peaks();
    expect(kept.count).toBe(peaks.count);
    for (let i = 0; i < peaks.count; i++) {
      expect(Math.abs(kept.time[i] - peaks.time[i])).toBeLessThanOrEqual(0.126);
      expect(Math.abs(kept.step[i] - peaks.step[i])).toBeLessThanOrEqual(0.0626);
    }
  });

  it('reads a stretch of the track alone', () => {
    const fingerprint = fingerprintOf(pcm);
    const time = new Float32Array(1000);
    const step = new Float32Array(1000);
    const count = fingerprint.read(1000, 1100, time, step);
    const expected = [...fingerprint.peaks().time].filter((frame) => frame >= 1000 && frame < 1100);
    expect([...time.subarray(0, count)]).toEqual(expected);
  });

  it('comes back from its bytes', () => {
    const fingerprint = fingerprintOf(pcm);
    const again = new TrackFingerprint(fingerprint.bytes.slice());
    expect(again.peaks()).toEqual(fingerprint.peaks());
    expect(again.seconds).toBeCloseTo(19.92, 1);
  });

  it('needs less than 200 kB an hour', () => {
    expect((fingerprintOf(pcm).bytes.length / 20) * 3600).toBeLessThan(200_000);
  });

  it('refuses bytes that are none, with a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => new TrackFingerprint(bytes)).toThrow(FingerprintError);
      }),
    );
  });

  it('reads any bytes of the right sizes without a crash', () => {
    const { bytes } = fingerprintOf(pcm);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        try {
          new TrackFingerprint(changed).peaks();
        } catch (error) {
          expect(error).toBeInstanceOf(FingerprintError);
        }
      }),
    );
  });
});
