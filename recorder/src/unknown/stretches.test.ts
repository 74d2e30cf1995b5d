import { describe, expect, it } from 'vitest';
import { createGate, type Sound } from '../gate/gate.ts';
import type { Stretch } from '../learn/hear.ts';
import { createStretch } from '../stretch.ts';
import { melody } from '../testing/melody.ts';
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

/** The same for sound at 22.05 kHz, heard by the gate, and taken for music when the listener does. */
function cutSound(pcm: Float32Array): Stretch[] {
  const gate = createGate();
  gate.begin({ sampleRate: 22_050 });
  const listener = createStretch();
  const found: Stretch[] = [];
  const stretches = createStretches({ onOpen: () => undefined, onEnd: (stretch) => found.push(stretch) });
  const samples = Math.floor((hopMs * 22_050) / 1000);
  let onsetMs: number | null = null;
  for (let n = 0; (n + 1) * samples <= pcm.length; n += 1) {
    const block = pcm.subarray(n * samples, (n + 1) * samples);
    const rms = Math.hypot(...block) / Math.sqrt(samples);
    gate.hear(block);
    const hop = { startMs: n * hopMs, endMs: (n + 1) * hopMs, rms, peak: rms, sound: gate.judge(true) };
    const turn = listener.hop(hop, { believed: false });
    if (turn?.kind === 'began') onsetMs = turn.onsetMs;
    if (turn?.kind === 'ended') onsetMs = null;
    stretches.hop(hop, onsetMs);
  }
  stretches.stop();
  return found.map(({ fromMs, toMs }) => ({ fromMs: fromMs / 1000, toMs: toMs / 1000 }));
}

/** A melody over a bass, which no voice has. */
const song = (seed: number, seconds: number) =>
  melody(seed, seconds).map((sample, i) => sample + 0.06 * Math.sin((6.283 * 70 * i) / 22_050));
const rmsOf = (pcm: Float32Array) => Math.sqrt(pcm.reduce((sum, x) => sum + x * x, 0) / pcm.length);
function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Noise of the groove under all of it, `db` softer than the music. */
function inGroove(pcm: Float32Array, level: number, db: number): Float32Array {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const scale = Math.sqrt(12) * level * 10 ** (-db / 20);
  return pcm.map((sample) => sample + scale * random());
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

  it.each([20, 25, 30, 34])('are cut at a pause whose groove is only %i dB below the music', (db) => {
    const songs = [1, 2, 3].map((seed) => song(seed, 25));
    const gap = new Float32Array(3 * 22_050);
    const pcm = joined(songs.flatMap((song) => [song, gap]));
    const found = cutSound(inGroove(pcm, rmsOf(songs[0]), db));
    expect(found).toHaveLength(3);
    for (const [i, { fromMs, toMs }] of found.entries()) {
      expect(Math.abs(fromMs - 28 * i)).toBeLessThan(1.5);
      if (i < 2) expect(Math.abs(toMs - (28 * i + 25))).toBeLessThan(1.5);
    }
  });

  it.each([2, 4, 20])('go on through %i s of music that is 20 dB softer', (seconds) => {
    const loud = song(1, 25);
    const soft = song(2, seconds).map((sample) => 0.1 * sample);
    const pcm = joined([loud, soft, song(3, 25)]);
    expect(cutSound(inGroove(pcm, rmsOf(loud), 40))).toHaveLength(1);
  });

  it('are not cut at the first pause of a short piece, and are where soft music follows a pause', () => {
    expect(
      cut([
        [15, 0.1],
        [3, 0.005, 'noise'],
        [60, 0.1],
        [3, 0.005, 'noise'],
        [60, 0.012],
      ]),
    ).toEqual([
      { fromMs: 0, toMs: 78 },
      { fromMs: 81, toMs: 141 },
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
