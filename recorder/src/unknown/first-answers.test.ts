import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, readMemo, type Store, writeMemo } from '../store.ts';
import { createFirstAnswers } from './first-answers.ts';
import type { Hearing } from './hearings.ts';

const groupMemo = 'unknown.first-answers';
const found = {
  track: { track_id: 'audd:1', source: 'audd', track_name: 'Song' },
  place: { offsetSeconds: 100, speed: 1 },
  from: 14,
  toleranceSeconds: null,
};
const hearing = (id: string, seconds: number, soundBytes = 1000) =>
  ({ id, groupId: 'one', soundFromMs: 0, toMs: seconds * 1000, soundBytes }) as Hearing;

let folder: string;
let store: Store;
let heard: Hearing[];
let troubles: unknown[];
const begin = () =>
  createFirstAnswers({
    store,
    hearings: {
      find: (id) => heard.find((each) => each.id === id) ?? null,
      ofGroup: (groupId) => heard.filter((each) => each.groupId === groupId),
    },
    onTrouble: (error) => troubles.push(error),
  });
const asked = () =>
  begin()
    .hearings()
    .map(({ id }) => id);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-first-answers-'));
  ({ store } = openStore(folder, () => new Date()));
  heard = [hearing('one', 30), hearing('two', 60), hearing('without-sound', 90, 0)];
  troubles = [];
  writeMemo(store, groupMemo, { one: found, gone: found });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('first answers that an earlier version kept by group', () => {
  it('are those about the longest sound of the group, and are taken over once', () => {
    expect(asked()).toEqual(['two']);
    expect(readMemo(store, groupMemo)).toBeUndefined();
    expect(asked()).toEqual(['two']);
    expect(begin().get('two')).toMatchObject({ ...found, toleranceSeconds: Number.POSITIVE_INFINITY });
  });

  it('do not come back over what was answered since', () => {
    begin().delete('two');
    writeMemo(store, groupMemo, { one: found });
    expect(asked()).toEqual([]);
    expect(readMemo(store, groupMemo)).toBeUndefined();
  });

  it('wait for the next start while the disk is full', () => {
    store.exec('PRAGMA query_only = 1');
    expect(asked()).toEqual(['two']);
    expect(troubles).toHaveLength(1);
    store.exec('PRAGMA query_only = 0');
    expect(asked()).toEqual(['two']);
    expect(readMemo(store, groupMemo)).toBeUndefined();
  });
});
