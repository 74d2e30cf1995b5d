import { describe, expect, it } from 'vitest';
import { createCombs } from './combs.ts';

/** A frame with lines at these frequencies, 20 dB over their neighbours; which of them are lines of pulses. */
function pulsesOf(lines: number[], combs = createCombs(200)): number[] {
  const sorted = lines.toSorted((a, b) => a - b);
  combs.clear();
  for (const hz of sorted) combs.add(hz, 20, 1);
  combs.find();
  return sorted.filter((hz) => combs.has(hz, 1));
}
const partials = (hz: number) =>
  Array.from({ length: Math.floor(4000 / hz) }, (_, k) => hz * (k + 1)).filter((at) => at >= 110);

describe('combs', () => {
  it.each([50.2, 99.8, 100, 120.1, 13_000 / 60])('finds all lines of %d pulses a second', (hz) => {
    expect(pulsesOf(partials(hz))).toEqual(partials(hz));
  });

  it('leaves out what is not of the pulses', () => {
    expect(pulsesOf([...partials(100), 440, 659.3, 2093])).toEqual(partials(100));
  });

  it.each([
    ['whose pitch is a multiple of the mains', 350],
    ['a third of a half tone off the mains', 98],
    ['beside the frame of a phone', 217.2],
    ['of another pitch', 261.6],
  ])('finds none in a tone %s', (_, hz) => {
    expect(pulsesOf(partials(hz))).toEqual([]);
  });

  it('finds none where other lines are stronger together', () => {
    expect(pulsesOf([...partials(100), ...partials(261.6), ...partials(164.8), ...partials(174.6)])).toEqual(
      [],
    );
  });

  it('follows a comb for half a second while noise hides it', () => {
    const combs = createCombs(200);
    pulsesOf(partials(100), combs);
    for (let frame = 0; frame < 15; frame += 1) expect(pulsesOf([300, 440], combs)).toEqual([300]);
    expect(pulsesOf([300, 440], combs)).toEqual([]);
  });
});
