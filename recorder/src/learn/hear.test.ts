import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReader } from '../library/reader.ts';
import { type HeardRig, startHeardRig } from '../testing/heard-rig.ts';
import { melody } from '../testing/melody.ts';
import { createHearing } from './hear.ts';

const t0 = 1_764_000_000_000;
const stretch = { fromMs: t0, toMs: t0 + 20_000 };
let rig: HeardRig;
beforeEach(async () => {
  rig = await startHeardRig();
  rig.play(melody(1, 20), t0);
});
afterEach(() => rig.close());

/** The reading process is killed the first `times` times. */
function killed(times: number) {
  const reader = createReader();
  let calls = 0;
  const readSound: typeof reader.readSound = async (sound) => {
    calls += 1;
    return calls <= times ? { read: 'failed', message: 'It was killed.' } : reader.readSound(sound);
  };
  const hear = createHearing({ buffer: rig.buffer, reader: { readSound } });
  return { hear, calls: () => calls, close: () => reader.close() };
}

describe('the sound of a stretch', () => {
  it('is read again by another process when one was killed', async () => {
    const { hear, close } = killed(2);
    expect(await hear(stretch)).toMatchObject({ fromMs: t0, seconds: expect.closeTo(20, 1) });
    close();
  });

  it('is given up after three times', async () => {
    const { hear, calls, close } = killed(9);
    await expect(hear(stretch)).rejects.toThrow('It was killed.');
    expect(calls()).toBe(3);
    close();
  });
});
