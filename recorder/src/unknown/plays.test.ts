import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BelievedPlay } from '../belief.ts';
import { openStore, type Store } from '../store.ts';
import { createHeardPlays } from './plays.ts';

const t0 = 1_764_000_000_000;
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-plays-'));
  store = openStore(folder, () => new Date()).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** A track of 100 s that began at `t0`. */
const play = (parts: Partial<BelievedPlay>): BelievedPlay => ({
  entryId: 'entry',
  revision: 1,
  trackId: 'track',
  startMs: t0,
  positionMs: t0,
  detectedMs: t0 + 8000,
  endMs: null,
  lastHeardMs: t0 + 8000,
  speed: 1,
  durationSeconds: 100,
  votes: 2,
  ...parts,
});

it('a pause longer than the rest of a track leaves two stretches in which it was heard', () => {
  const plays = createHeardPlays(store);
  const heard = (of = plays) => of.of('entry').map(({ fromMs, toMs }) => [fromMs - t0, toMs - t0]);
  plays.played(play({}), t0);
  plays.played(play({ endMs: t0 + 60_000 }), t0);
  plays.played(play({ positionMs: t0 + 140_000, lastHeardMs: t0 + 208_000 }), t0 + 200_000);
  expect(heard()).toEqual([
    [0, 60_000],
    [200_000, Number.POSITIVE_INFINITY],
  ]);
  // As after a kill: it ended when it should.
  expect(heard(createHeardPlays(store))[1]).toEqual([200_000, 240_000]);
  // The end that is believed knows of no pause.
  plays.played(
    play({ positionMs: t0 + 140_000, endMs: t0 + 100_000, lastHeardMs: t0 + 236_000 }),
    t0 + 200_000,
  );
  expect(heard()[1]).toEqual([200_000, 236_000]);
});

it('a kill leaves nothing open when the play has ended earlier than it should', () => {
  createHeardPlays(store).played(play({}), t0);
  const plays = createHeardPlays(store);
  const heard = () => plays.of('entry').map(({ fromMs, toMs }) => [fromMs - t0, toMs - t0]);
  plays.played(play({ revision: 2, lastHeardMs: t0 + 30_000 }), t0 + 22_000);
  plays.played(play({ revision: 3, endMs: t0 + 40_000 }), t0 + 22_000);
  expect(heard()).toEqual([
    [0, 22_000],
    [22_000, 40_000],
  ]);
});

it('a kill leaves nothing open when the play was not heard again, and its end is written', () => {
  createHeardPlays(store).played(play({ startMs: t0 - 400, positionMs: t0 - 400 }), t0);
  const plays = createHeardPlays(store);
  plays.played(
    play({ revision: 2, startMs: t0 - 400, positionMs: t0 - 400, endMs: t0 + 20_000 }),
    t0 + 50_000,
  );
  expect(plays.of('entry').map(({ fromMs, toMs }) => [fromMs - t0, toMs - t0])).toEqual([[0, 20_000]]);
});
