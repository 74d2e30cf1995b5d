import { describe, expect, it } from 'vitest';
import { Correlator } from './correlate.ts';
import { evidenceOfPeaks } from './evidence.ts';
import { extractClip } from './extract.ts';
import { secondsToFrames } from './geometry.ts';
import { Peaks } from './peaks.ts';
import { excerpt, fingerprintOf, seeded, tune } from './testing/tune.ts';
import { encodeTrackFingerprint } from './track-fingerprint.ts';

const track = fingerprintOf(tune(1, 30));
const clip = excerpt(tune(1, 30), 10, 15);
const correlator = new Correlator(extractClip(clip).evidence);
const at = (seconds: number, speed = 1) => ({ offset: secondsToFrames(seconds), speed });

/** Noise with the loudness of the music, as a voice would be: it covers most of the clip's peaks. */
function covered(pcm: Float32Array, gain: number): Float32Array {
  const random = seeded(5);
  return pcm.map((sample) => sample + gain * (random() - 0.5));
}

describe('Correlator', () => {
  it('tells the right place from others of the same track by far', () => {
    expect(correlator.correlate(track, at(10)).prominence).toBeGreaterThan(8);
    for (const seconds of [2, 7, 13, 20, 24]) {
      expect(correlator.correlate(track, at(seconds)).prominence).toBeLessThan(4);
    }
  });

  it('still knows a place under noise in which most peaks are lost', () => {
    const { evidence } = extractClip(covered(clip, 0.5));
    expect(new Correlator(evidence).correlate(track, at(10)).prominence).toBeGreaterThan(6);
  });

  it('mends a line that runs off by half a percent', () => {
    const middle = 12.5;
    const wrong = at(middle - 2.5 * 1.006, 1.006);
    const { speed, offset } = correlator.correlate(track, wrong);
    expect(Math.abs(speed - 1)).toBeLessThan(0.003);
    expect(offset).toBeCloseTo(secondsToFrames(10), -1);
  });

  it('takes a few peaks for no proof, however well they fit', () => {
    const peaks = new Peaks(3, 165);
    peaks.time.set([10, 14, 18]);
    peaks.step.set([20, 45, 70]);
    const sparse = encodeTrackFingerprint(peaks);
    expect(new Correlator(evidenceOfPeaks(peaks)).correlate(sparse, at(0)).prominence).toBeLessThan(5);
  });

  it('finds nothing in silence, and nothing in a clip too short to compare', () => {
    const silence = new Correlator(extractClip(new Float32Array(5 * 11025)).evidence);
    expect(silence.correlate(track, at(10)).prominence).toBeLessThanOrEqual(0);
    const blink = new Correlator(extractClip(clip.subarray(0, 6000)).evidence);
    expect(blink.correlate(track, at(10)).prominence).toBe(0);
  });
});
