import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.ts';

const START = 1_763_800_000_000;
const timeline = () => new Timeline({ sampleRate: 1000, anchors: [{ frame: 0, atMs: START }], gaps: [] });

describe('Timeline', () => {
  it('counts on from its anchor', () => {
    expect(timeline().msOf(2500)).toBe(START + 2500);
    expect(timeline().frameAt(START + 2500)).toBe(2500);
    expect(timeline().frameAt(START - 10)).toBe(-10);
  });

  it('follows a later anchor and leaves the time before it alone', () => {
    const line = timeline();
    line.anchor({ frame: 1000, atMs: START + 1003 });
    expect(line.msOf(999)).toBe(START + 999);
    expect(line.msOf(1001)).toBe(START + 1004);
    expect(line.frameAt(START + 1004)).toBe(1001);
    expect(line.frameAt(START + 1001)).toBe(1000);
  });

  it('steps over a gap and adds gaps at one place up', () => {
    const line = timeline();
    line.gap({ frame: 500, frames: 100 });
    line.gap({ frame: 500, frames: 50 });
    expect(line.msOf(500)).toBe(START + 650);
    expect(line.frameAt(START + 600)).toBe(500);
    expect(line.toJSON().gaps).toEqual([{ frame: 500, frames: 150 }]);
    expect(line.hasGap({ from: 400, to: 501 })).toBe(true);
    expect(line.hasGap({ from: 500, to: 600 })).toBe(false);
    expect(line.hasGap({ from: 400, to: 500 })).toBe(false);
  });

  it('finds every frame again by its time', () => {
    const step = fc.record({
      frames: fc.integer({ min: 1, max: 500 }),
      lost: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.nat(4000), (steps, frame) => {
        const line = timeline();
        let at = 0;
        for (const { frames, lost } of steps) {
          at += frames;
          if (lost > 0) line.gap({ frame: at, frames: lost });
        }
        expect(line.frameAt(line.msOf(frame))).toBe(frame);
      }),
    );
  });
});
