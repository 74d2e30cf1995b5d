import { describe, expect, it } from 'vitest';
import { createEar, earSampleRate, type Hop } from './ear.ts';

function bench({ seconds = 4, hopSeconds = 0.25 } = {}) {
  const hops: Hop[] = [];
  const heard: number[] = [];
  const halve = {
    push: (mono: Float32Array) => mono.filter((_, i) => i % 2 === 0),
    flush: () => new Float32Array(0),
  };
  const ear = createEar({
    seconds,
    hopSeconds,
    createResampler: () => halve,
    gate: { begin: () => undefined, hear: (mono) => heard.push(mono.length) },
    onHop: (hop) => hops.push(hop),
  });
  return { ear, hops, heard };
}
const constant = (length: number, value: number) => new Float32Array(length).fill(value);

describe('ear', () => {
  it('tells RMS, peak and time of each hop', () => {
    const { ear, hops } = bench();
    ear.begin({ sampleRate: 22_050 });
    ear.hear(constant(22_100, -0.5), 1_000_000);
    expect(hops).toHaveLength(4);
    expect(hops[0].rms).toBeCloseTo(0.5, 6);
    expect(hops[0].peak).toBeCloseTo(0.5, 6);
    expect(hops[0].startMs).toBeCloseTo(1_000_000, 0);
    expect(hops[3].endMs).toBeCloseTo(1_001_000, 0);
  });

  it('carries a hop over from block to block', () => {
    const { ear, hops } = bench();
    ear.begin({ sampleRate: earSampleRate });
    for (let i = 0; i < 10; i += 1) ear.hear(constant(1000, i / 10), 0);
    expect(hops).toHaveLength(3);
  });

  it('lets the gate hear each hop to its end before the hop is told', () => {
    const { ear, hops, heard } = bench();
    ear.begin({ sampleRate: 4000 });
    ear.hear(constant(1500, 0.1), 0);
    ear.hear(constant(700, 0.1), 0);
    expect(heard).toEqual([1000, 500, 500, 200]);
    expect(hops).toHaveLength(2);
  });

  it('gives back the very samples of a clip, also across the end of the ring', () => {
    const { ear } = bench({ seconds: 2 });
    ear.begin({ sampleRate: earSampleRate });
    for (let block = 0; block < 7; block += 1) {
      ear.hear(
        Float32Array.from({ length: earSampleRate / 2 }, (_, i) => block * 10_000 + i),
        500,
      );
    }
    const clip = ear.clip({ startMs: ear.nowMs() - 1500, endMs: ear.nowMs() });
    expect(clip?.pcm.length).toBeCloseTo(1.5 * earSampleRate, -1);
    expect(clip?.pcm.at(-1)).toBe(6 * 10_000 + Math.floor(earSampleRate / 2) - 1);
    expect(clip?.endMs).toBeCloseTo(ear.nowMs(), 3);
  });

  it('cuts a clip to what it remembers and says so', () => {
    const { ear } = bench({ seconds: 2 });
    ear.begin({ sampleRate: earSampleRate });
    ear.hear(constant(earSampleRate * 5, 0.1), 0);
    const clip = ear.clip({ startMs: 0, endMs: 10_000 });
    expect(clip?.startMs).toBeCloseTo(3000, 0);
    expect(clip?.endMs).toBeCloseTo(5000, 0);
  });

  it('has no clip of a time before the stream or after it', () => {
    const { ear } = bench();
    ear.begin({ sampleRate: earSampleRate });
    ear.hear(constant(earSampleRate, 0.1), 10_000);
    expect(ear.clip({ startMs: 5000, endMs: 9000 })).toBeNull();
    expect(ear.clip({ startMs: 12_000, endMs: 13_000 })).toBeNull();
  });

  it('gives a clip at its own rate, whatever the rate of the stream', () => {
    const { ear } = bench();
    ear.begin({ sampleRate: 22_050 });
    ear.hear(constant(22_050 * 2, 0.25), 1000);
    const clip = ear.clip({ startMs: 1500, endMs: 2500 });
    expect(clip?.pcm.length).toBeCloseTo(earSampleRate, -1);
    expect(clip?.pcm.every((value) => value === 0.25)).toBe(true);
    expect([clip?.startMs, clip?.endMs]).toEqual([1500, 2500]);
  });

  it('forgets what it heard when a new stream begins', () => {
    const { ear } = bench();
    ear.begin({ sampleRate: earSampleRate });
    ear.hear(constant(earSampleRate, 0.1), 0);
    ear.begin({ sampleRate: 22_050 });
    expect(ear.clip({ startMs: 0, endMs: 1000 })).toBeNull();
  });
});
