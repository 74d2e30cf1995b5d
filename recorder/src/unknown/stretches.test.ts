import { describe, expect, it } from 'vitest';
import type { Stretch } from '../learn/hear.ts';
import { createStretches } from './stretches.ts';
import { unplayed } from './unplayed.ts';

const hopMs = 250;

/** Plays parts of a level each (s, RMS) as one piece of music from `onsetMs` on, and gives the stretches found. */
function cut(parts: [seconds: number, rms: number][], { onsetMs = 0, stop = true } = {}): Stretch[] {
  const found: Stretch[] = [];
  const opened: number[] = [];
  const stretches = createStretches({
    onOpen: (fromMs) => opened.push(fromMs),
    onEnd: (stretch) => found.push(stretch),
  });
  let at = onsetMs;
  for (const [seconds, rms] of parts) {
    for (const endMs = at + seconds * 1000; at < endMs; at += hopMs)
      stretches.hop({ startMs: at, endMs: at + hopMs, rms, peak: rms }, onsetMs);
  }
  if (stop) stretches.stop();
  expect(opened.slice(0, found.length)).toEqual(found.map(({ fromMs }) => fromMs));
  return found.map(({ fromMs, toMs }) => ({ fromMs: fromMs / 1000, toMs: toMs / 1000 }));
}

describe('stretches of music', () => {
  it('are cut at a pause between tracks, though the groove is louder than silence', () => {
    expect(
      cut([
        [60, 0.1],
        [2, 0.002],
        [40, 0.08],
      ]),
    ).toEqual([
      { fromMs: 0, toMs: 60 },
      { fromMs: 62, toMs: 102 },
    ]);
  });

  it('go on through a rest of the music, and through soft passages', () => {
    expect(
      cut([
        [60, 0.1],
        [1, 0],
        [20, 0.008],
        [40, 0.1],
      ]),
    ).toEqual([{ fromMs: 0, toMs: 121 }]);
  });

  it('begin again with much softer music after a long pause', () => {
    const parts = cut([
      [60, 0.3],
      [10, 0],
      [60, 0.004],
    ]);
    expect(parts[0]).toEqual({ fromMs: 0, toMs: 60 });
    expect(parts.at(-1)?.toMs).toBe(130);
    expect(parts[1].fromMs).toBeLessThan(72);
  });

  it('are no longer than ten minutes', () => {
    expect(cut([[1300, 0.1]]).map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([600, 600, 100]);
  });

  it('end when nothing is listened to', () => {
    const found: Stretch[] = [];
    const stretches = createStretches({ onOpen: () => undefined, onEnd: (stretch) => found.push(stretch) });
    for (let at = 0; at < 30_000; at += hopMs)
      stretches.hop({ startMs: at, endMs: at + hopMs, rms: 0.1, peak: 0.1 }, 0);
    stretches.hop({ startMs: 30_000, endMs: 30_250, rms: 0, peak: 0 }, null);
    expect(found).toEqual([{ fromMs: 0, toMs: 30_000 }]);
  });
});

describe('what was not named', () => {
  const s = (fromMs: number, toMs: number) => ({ fromMs: fromMs * 1000, toMs: toMs * 1000 });

  it('is what is left between the plays, if long enough', () => {
    expect(unplayed(s(0, 300), [s(100, 150), s(160, 200), s(-50, 10)])).toEqual([s(10, 100), s(200, 300)]);
    expect(unplayed(s(0, 300), [])).toEqual([s(0, 300)]);
    expect(unplayed(s(0, 300), [{ fromMs: 0, toMs: Number.POSITIVE_INFINITY }])).toEqual([]);
    expect(unplayed(s(0, 19), [])).toEqual([]);
    expect(unplayed(s(100, 200), [s(0, 90), s(210, 300)])).toEqual([s(100, 200)]);
  });
});
