import { describe, expect, it } from 'vitest';
import { createCertainty } from './certainty.ts';
import type { Heard } from './window.ts';

/** A party: five voices together hold notes and leave no gaps, so that the rules take them for music. */
const voices: Heard = { held: 1.6, notes: 0.05, hum: 0, bass: 0, change: 3.6, low: 0.02, levelDb: -26 };

/** After how many hops of this it is surely music, before which there was talk for so many; null: never in a minute. */
function sureAfter(heard: Heard, { isMusic = true, talkHops = 0 } = {}): number | null {
  const certainty = createCertainty();
  // The level of sound goes up and down.
  const at = (hop: number) => ({ ...heard, levelDb: heard.levelDb + 2 * (hop % 2) });
  for (let hop = 0; hop < talkHops; hop += 1) certainty.judge(at(hop), { isLoud: true, isMusic: false });
  for (let hop = 1; hop <= 240; hop += 1) if (certainty.judge(at(hop), { isLoud: true, isMusic })) return hop;
  return null;
}

describe('certainty', () => {
  it('is not had of many voices, however long the rules take them for music', () => {
    expect(sureAfter(voices, { talkHops: 170 })).toBeNull();
  });

  it('is had of what the rules take for music with a bass that no voice has, or of drums at once', () => {
    expect(sureAfter({ ...voices, held: 0.15, bass: 0.025 })).toBe(5);
    expect(sureAfter({ ...voices, held: 0.02, bass: 0.035, change: 5 }, { isMusic: false })).toBe(4);
    expect(sureAfter({ ...voices, held: 0.02, bass: 0.035, change: 2 }, { isMusic: false })).toBeNull();
  });

  it('is had in the end of what lasts, where no odds are against it', () => {
    const soft: Heard = { held: 0.9, notes: 0.05, hum: 0, bass: 0.003, change: 2.2, low: 0.1, levelDb: -26 };
    expect(sureAfter(soft)).toBe(12);
    expect(sureAfter(soft, { isMusic: false })).toBeNull();
  });
});
