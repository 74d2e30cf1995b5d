import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BelievedPlay, type ClipMatch, createBelief, type Decision } from './belief.ts';
import { createLastHeard } from './last-heard.ts';
import { openStore, type Store } from './store.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-heard-'));
  store = openStore(folder, () => new Date()).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const match = (durationSeconds: number | null): ClipMatch => ({
  trackId: 'audd:1',
  offsetSeconds: 0,
  speed: 1,
  durationSeconds,
  offsetToleranceMs: Number.POSITIVE_INFINITY,
});
const playsOf = (decisions: readonly Decision[]) =>
  decisions.flatMap((decision) => (decision.kind === 'write' ? [decision.play] : []));

/** A track that a service without places names each minute from `onsetMs` on; gives the play as it was written. */
function evening(seconds: number, durationSeconds: number | null = null): BelievedPlay {
  const belief = createBelief({ newId: () => 'entry', recalled: null });
  const lastHeard = createLastHeard(store, vi.fn());
  const written: BelievedPlay[] = [];
  for (const endMs of [10_000, 20_000, 80_000, 140_000, 200_000].filter((ms) => ms <= seconds * 1000)) {
    const decisions = belief.answer({ startMs: endMs - 8000, endMs }, match(durationSeconds), 0);
    lastHeard.decided(decisions);
    written.push(...playsOf(decisions));
  }
  return written[0];
}

const isTakenBack = () => false;

describe('a play that was on when the process was killed', () => {
  it.each([
    ['in music without a break', 0],
    ['after a pause, or a cut after ten minutes', 205_000],
  ])('goes on as one entry, %s', (_what, sinceMs) => {
    const play = evening(210);
    const recalled = createLastHeard(store, vi.fn()).recall(play, {
      sinceMs,
      bufferEndMs: 250_000,
      isTakenBack,
    });
    const belief = createBelief({ newId: () => 'second', recalled });
    const first = belief.answer({ startMs: 260_000, endMs: 268_000 }, match(null), 256_000);
    const second = belief.answer({ startMs: 320_000, endMs: 328_000 }, match(null), 256_000);
    expect(playsOf([...first, ...second]).map(({ entryId }) => entryId)).toEqual(['entry']);
  });

  it('is not recalled when a person has said that it was wrong', () => {
    const around = { sinceMs: 0, bufferEndMs: 250_000, isTakenBack: (id: string) => id === 'entry' };
    expect(createLastHeard(store, vi.fn()).recall(evening(210), around)).toBeNull();
  });

  it('is not stretched over other music, nor beyond its length', () => {
    const until = (play: BelievedPlay, sinceMs: number | null) =>
      createLastHeard(store, vi.fn()).recall(play, { sinceMs, bufferEndMs: 900_000, isTakenBack })
        ?.lastHeardMs;
    expect(until(evening(210), 400_000)).toBe(200_000);
    expect(until(evening(210), null)).toBe(200_000);
    const ended = { ...evening(210), endMs: 30_000 };
    expect(until(ended, 0)).toBe(ended.lastHeardMs);
    expect(until(evening(90, 240), 0)).toBe(242_000 - 2000);
  });
});
