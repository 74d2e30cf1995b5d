import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { createNamedTracks } from './named-tracks.ts';
import { inTransaction, openStore, type Store } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'pidentify-named-'));
let store: Store | undefined;
const open = () => {
  store = openStore(folder, () => new Date(0)).store;
  return createNamedTracks(store);
};

afterEach(() => store?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the facts of a named track through a restart, the newest ones', () => {
  const track = { track_id: 'audd:1', source: 'audd', track_name: 'Song' };
  open().remember(track);
  store?.close();
  const named = open();
  expect(named.trackById('audd:1')).toEqual(track);
  named.remember({ ...track, artist_name: 'X' });
  expect(named.trackById('audd:1')).toMatchObject({ artist_name: 'X' });
  expect(named.trackById('audd:2')).toBeNull();
});

it('forgets no fact that another service does not tell, and keeps the source the history knows', () => {
  const named = open();
  const track = { track_id: 'song-1', track_name: 'Song', artist_name: 'X' };
  const first = { ...track, source: 'audd', album_name: 'First', track_no: 7, duration_seconds: 200 };
  named.remember(first);
  named.remember({ ...track, source: 'acrcloud', album_name: null, label: 'L', duration_seconds: null });
  expect(named.trackById('song-1')).toEqual({ ...first, label: 'L' });
});

it('does not mix the facts of two releases', () => {
  const named = open();
  const track = { track_id: 'song-2', track_name: 'Song', source: 'audd', duration_seconds: 200 };
  named.remember({
    ...track,
    album_name: 'Live',
    track_no: 7,
    released: '1999',
    label: 'L',
    track_image: 'x',
  });
  named.remember({
    ...track,
    source: 'acrcloud',
    album_name: 'Studio',
    released: '1985',
    duration_seconds: null,
  });
  expect(named.trackById('song-2')).toEqual({ ...track, album_name: 'Studio', released: '1985' });
});

it('knows a name that a full disk did not take, and writes it when there is room', () => {
  const track = { track_id: 'audd:9', source: 'audd', track_name: 'Song' };
  const named = open();
  store?.exec('PRAGMA query_only = 1');
  expect(() => named.remember(track)).toThrow();
  expect(named.trackById('audd:9')).toEqual(track);
  store?.exec('PRAGMA query_only = 0');
  named.writeHeld();
  store?.close();
  expect(open().trackById('audd:9')).toEqual(track);
});

it('knows a name whose transaction was rolled back, and writes it with the next one', () => {
  const track = { track_id: 'audd:11', source: 'audd', track_name: 'Running' };
  const other = { ...track, track_id: 'person:12' };
  const named = open();
  store?.exec('PRAGMA query_only = 1');
  expect(() => named.remember(track)).toThrow();
  store?.exec('PRAGMA query_only = 0');
  const naming = () => {
    named.remember(other);
    throw new Error('database or disk is full');
  };
  expect(() => inTransaction(store as Store, naming)).toThrow('full');
  expect(named.trackById('audd:11')).toEqual(track);
  inTransaction(store as Store, () => named.remember(other));
  store?.close();
  const again = open();
  expect([again.trackById('audd:11'), again.trackById('person:12')]).toEqual([track, other]);
});
