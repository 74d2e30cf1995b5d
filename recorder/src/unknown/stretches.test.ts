import { describe, expect, it } from 'vitest';
import type { Sound } from '../gate/gate.ts';
import type { Stretch } from '../learn/hear.ts';
import { createStretches } from './stretches.ts';
import { unplayed } from './unplayed.ts';

const hopMs = 250;

/** Plays parts of a level each (s, RMS), music unless something else is said, and gives the stretches found. */
function cut(
  parts: [seconds: number, rms: number, sound?: Sound][],
  { onsetAt = (_ms: number): number | null => 0 } = {},
): Stretch[] {
  const found: Stretch[] = [];
  const opened: number[] = [];
  const stretches = createStretches({
    onOpen: (fromMs) => opened.push(fromMs),
    onEnd: (stretch) => found.push(stretch),
  });
  let at = 0;
  for (const [seconds, rms, sound = 'music'] of parts) {
    for (const endMs = at + seconds * 1000; at < endMs; at += hopMs)
      stretches.hop({ startMs: at, endMs: at + hopMs, rms, peak: rms, sound }, onsetAt(at));
  }
  stretches.stop();
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

  it('go on through distorted guitars that pass for noise, and begin where those began', () => {
    const parts: [number, number, Sound?][] = [
      [9, 0.1, 'noise'],
      [10, 0.1],
      [12, 0.1, 'noise'],
      [10, 0.1],
    ];
    // The gate is sure from second 9 to 19, and again from second 31 on.
    const onsetAt = (ms: number) => (ms < 9000 ? null : ms < 19_000 ? 9000 : ms < 31_000 ? null : 31_000);
    expect(cut(parts, { onsetAt })).toEqual([{ fromMs: 0, toMs: 41 }]);
  });

  it('end where talk began, or noise that goes on, and begin after talk', () => {
    const onsetAt = (ms: number) => (ms >= 20_000 && ms < 80_000 ? 20_000 : null);
    for (const sound of ['talk', 'hum', 'noise'] as const)
      expect(
        cut(
          [
            [20, 0.1, 'talk'],
            [60, 0.1],
            [60, 0.1, sound],
          ],
          { onsetAt },
        ),
      ).toEqual([{ fromMs: 20, toMs: 80 }]);
  });

  it('do not begin in the groove before the music', () => {
    const onsetAt = (ms: number) => (ms < 10_000 ? null : 10_000);
    const parts: [number, number, Sound?][] = [
      [10, 0.003, 'noise'],
      [60, 0.1],
    ];
    expect(cut(parts, { onsetAt })).toEqual([{ fromMs: 10, toMs: 70 }]);
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
