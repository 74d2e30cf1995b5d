import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { createLearnt, type Learnt } from './learnt.ts';
import { createSounds } from './sounds.ts';

let folder: string;
let store: Store;
let learnt: Learnt;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-learnt-'));
  ({ store } = openStore(folder, () => new Date()));
  learnt = createLearnt(store);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A recording of the track that sounds like none of the others. */
function learn(trackKey: number, trackId: string, entryId = `entry-${trackKey}`): void {
  createSounds(store).put({ trackKey, fingerprint: new Uint8Array(), seconds: 60 });
  learnt.add({ trackKey, trackId, offsetSeconds: 0, speed: 1, entryId }, new Map());
}

const keysOf = (trackId: string) =>
  learnt
    .pieces(trackId)
    .map(({ trackKey }) => trackKey)
    .sort((a, b) => a - b);

describe('many recordings of one name', () => {
  it('are not all kept: the oldest go, those of other names stay', () => {
    learn(1, 'audd:2');
    for (let key = 2; key <= 101; key += 1) learn(key, 'audd:1');
    expect(keysOf('audd:1')).toEqual(Array.from({ length: 32 }, (_, i) => 70 + i));
    expect(keysOf('audd:2')).toEqual([1]);
  });

  it('do not push out the one that is learnt now, though its sound was heard long ago', () => {
    for (let key = 2; key <= 33; key += 1) learn(key, 'audd:1');
    learn(1, 'audd:1');
    expect(keysOf('audd:1')).toEqual([1, ...Array.from({ length: 31 }, (_, i) => 3 + i)]);
  });
});

describe('taking back all that was learnt of a track', () => {
  it.each([
    ['leaves what a person named in another play', 'person:1', [2]],
    ['leaves nothing of what a service named', 'audd:1', []],
  ])('%s', (_what, trackId, left) => {
    learn(1, trackId, 'wrong');
    learn(2, trackId, 'other');
    learnt.takeBack(trackId, 'wrong', { everything: true });
    expect(keysOf(trackId)).toEqual(left);
    learnt.giveBack('wrong');
    expect(keysOf(trackId)).toEqual([1, 2]);
  });
});
