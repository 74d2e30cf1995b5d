import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { type Catalogue, createCatalogue, type FileTags, type FoundFile } from './catalogue.ts';
import { walk } from './walk.ts';
import { createFolderWatch } from './watch.ts';

let folder: string;
let store: Store;
let catalogue: Catalogue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-catalogue-'));
  store = openStore(folder, () => new Date()).store;
  catalogue = createCatalogue(store);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const file = (path: string, size = 10, mtimeMs = 5): FoundFile => ({ path, size, mtimeMs });
function add(path: string, contentId = path): number {
  const trackKey = catalogue.newKey();
  catalogue.indexed(file(path), { trackKey, contentId, seconds: 1800, tags: { title: path } });
  return trackKey;
}

describe('catalogue', () => {
  it('finds what was added, changed and removed', () => {
    add('/a');
    add('/b');
    add('/c');
    const changes = catalogue.compare([file('/a'), file('/b', 11), file('/d')]);
    expect(changes).toEqual({ added: [file('/d')], changed: [file('/b', 11)], removed: ['/c'] });
  });

  it('keeps the key of a file that moved', () => {
    const key = add('/old', 'content');
    catalogue.move('/old', file('/new'));
    expect(catalogue.track(key)?.path).toBe('/new');
    expect(catalogue.totals()).toEqual({ tracks: 1, hours: 0.5 });
  });

  it('indexes a copy once, and lets it take the place of the first when that is removed', () => {
    const key = add('/one', 'content');
    catalogue.copy(file('/two'), '/one');
    expect(catalogue.totals().tracks).toBe(1);
    expect(catalogue.removed('/one')).toBeNull();
    expect(catalogue.track(key)?.path).toBe('/two');
    expect(catalogue.removed('/two')).toBe(key);
  });

  it('keeps the name of a track whose file changed, under a new key', () => {
    const before = add('/a', 'first');
    const trackKey = catalogue.newKey();
    const old = catalogue.indexed(file('/a', 99), {
      trackKey,
      contentId: 'second',
      seconds: 1,
      tags: { title: 'new' },
    });
    expect(old).toBe(before);
    expect(catalogue.track(trackKey)).toMatchObject({ trackId: 'first', tags: { title: 'new' } });
    expect(catalogue.trackById('first')?.trackKey).toBe(trackKey);
  });

  it('lists a file that cannot be read as a problem and does not count it', () => {
    catalogue.failed(file('/broken.mp3'), 'no sound in it');
    expect(catalogue.problems()).toEqual([{ path: '/broken.mp3', message: 'no sound in it' }]);
    expect(catalogue.totals().tracks).toBe(0);
    expect(catalogue.compare([file('/broken.mp3')]).added).toEqual([]);
  });

  it('never gives a key twice', () => {
    const key = add('/a');
    catalogue.removed('/a');
    expect(catalogue.newKey()).toBeGreaterThan(key);
  });
});

it('marks files of an older database as having tags to be read again', () => {
  store.close();
  const path = join(folder, 'recorder.db');
  rmSync(path);
  const old = new DatabaseSync(path);
  old.exec(
    `CREATE TABLE files (
       path TEXT PRIMARY KEY, track_key INTEGER NOT NULL UNIQUE, content_id TEXT NOT NULL, size INTEGER NOT NULL,
       mtime_ms REAL NOT NULL, state TEXT NOT NULL, message TEXT, seconds REAL NOT NULL, tags TEXT NOT NULL
     ) STRICT;
     CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
     INSERT INTO files VALUES ('/a.flac', 7, 'a', 10, 5, 'indexed', NULL, 60, '{"title":"A"}');
     INSERT INTO files VALUES ('/b.flac', 8, 'a', 10, 5, 'copy', NULL, 60, '{"title":"A"}');
     PRAGMA user_version = 9;`,
  );
  old.close();
  store = openStore(folder, () => new Date(0)).store;
  catalogue = createCatalogue(store);
  expect(readdirSync(folder)).toContain('recorder.db.backup-9-1970-01-01T000000000Z');
  expect(catalogue.withOldTags()).toEqual([{ trackKey: 7, path: '/a.flac' }]);
  catalogue.retag(7, { title: 'A', side: 'A', trackNo: 1 });
  expect(catalogue.withOldTags()).toEqual([]);
  expect(catalogue.track(7)).toMatchObject({ trackId: 'a', seconds: 60, tags: { side: 'A', trackNo: 1 } });
});

describe('a release in the catalogue', () => {
  type Facts = { name: string; seconds?: number; album?: string } & Partial<FileTags>;
  function put({ name, seconds = 200, ...tags }: Facts): void {
    const trackKey = catalogue.newKey();
    const all = { title: name, album: 'Album', ...tags };
    catalogue.indexed(file(`/m/band/${name}`), { trackKey, contentId: name, seconds, tags: all });
  }
  const order = (trackId: string) =>
    catalogue.releaseOf(trackId)?.tracks.map((track) => [track.trackId, track.place, track.side]) ?? null;

  it('is ordered by side and number', () => {
    put({ name: 'second', side: 'B', trackNo: 1 });
    put({ name: 'third', side: 'B', trackNo: 2 });
    put({ name: 'first', side: 'A', trackNo: 1 });
    expect(order('third')).toEqual([
      ['first', 1, '1A'],
      ['second', 2, '1B'],
      ['third', 3, '1B'],
    ]);
    expect(catalogue.releaseOf('third')?.release).toBe('/m/band/Album');
  });

  it('is of several discs in one folder', () => {
    for (const discNo of [1, 2])
      for (const trackNo of [1, 2]) put({ name: `${discNo}-${trackNo}`, discNo, trackNo });
    expect(order('2-1')).toEqual([
      ['1-1', 1, '1'],
      ['1-2', 2, '1'],
      ['2-1', 3, '2'],
      ['2-2', 4, '2'],
    ]);
  });

  it('counts on over discs whose numbers do so, and leaves room for what is missing', () => {
    put({ name: 'A1', side: 'A', trackNo: 1 });
    put({ name: 'A3', side: 'A', trackNo: 3 });
    put({ name: 'B2', side: 'B', trackNo: 2 });
    expect(order('A1')?.map(([name, place]) => `${name} ${place}`)).toEqual(['A1 1', 'A3 3', 'B2 5']);
    put({ name: '1', album: 'Two discs', discNo: 1, trackNo: 1 });
    put({ name: '2', album: 'Two discs', discNo: 1, trackNo: 2 });
    put({ name: '3', album: 'Two discs', discNo: 2, trackNo: 3 });
    expect(order('1')?.map(([name, place]) => `${name} ${place}`)).toEqual(['1 1', '2 2', '3 3']);
  });

  it('has one file of each number, the one asked about before others', () => {
    put({ name: '1.flac', trackNo: 1 });
    put({ name: '1.mp3', trackNo: 1, seconds: 200.05 });
    put({ name: '2.mp3', trackNo: 2, seconds: 200.05 });
    put({ name: '2.flac', trackNo: 2 });
    expect(order('1.mp3')?.map(([name]) => name)).toEqual(['1.mp3', '2.mp3']);
    expect(order('2.flac')?.map(([name]) => name)).toEqual(['1.flac', '2.flac']);
  });

  it('is none where two songs have one number, and none for a file without a number or an album', () => {
    put({ name: 'one', trackNo: 1 });
    put({ name: 'none', trackNo: undefined });
    expect(order('none')).toBeNull();
    put({ name: 'other.mp3', trackNo: 1, seconds: 260 });
    expect(order('one')).toBeNull();
    put({ name: 'disc 1.mp3', album: 'Discs', trackNo: 1 });
    put({ name: 'disc 2.mp3', album: 'Discs', trackNo: 1 });
    expect(order('disc 1.mp3')).toBeNull();
    put({ name: 'loose', trackNo: 1, album: undefined });
    expect(order('loose')).toBeNull();
  });

  it('gives the place on it as the number of a track that is numbered as on a record', () => {
    put({ name: 'A1', side: 'A', trackNo: 1 });
    put({ name: 'A2', side: 'A', trackNo: 2 });
    put({ name: 'B1', side: 'B', trackNo: 1 });
    put({ name: '2-1', album: 'Discs', discNo: 2, trackNo: 1 });
    put({ name: 'loose', album: undefined, side: 'A', trackNo: 3 });
    const told = ['A2', 'B1', '2-1', 'loose'].map((trackId) => catalogue.trackById(trackId)?.trackNo);
    expect(told).toEqual([2, 3, 1, null]);
  });
});

describe('walk', () => {
  const stop = new AbortController().signal;

  it('finds sound files below all folders, not hidden ones, and ends on a link in a circle', async () => {
    mkdirSync(join(folder, 'm/album/.hidden'), { recursive: true });
    for (const name of [
      'm/a.FLAC',
      'm/album/b.ogg',
      'm/album/cover.jpg',
      'm/album/.hidden/c.mp3',
      'm/.d.mp3',
    ]) {
      writeFileSync(join(folder, name), 'x');
    }
    symlinkSync(join(folder, 'm'), join(folder, 'm/album/circle'));
    const result = await walk([join(folder, 'm'), join(folder, 'm/album')], stop);
    expect(result.files.map((found) => found.path.slice(folder.length)).sort()).toEqual([
      '/m/a.FLAC',
      '/m/album/b.ogg',
    ]);
    expect([...result.folders.keys()]).toEqual([join(folder, 'm'), join(folder, 'm/album')]);
    expect(result.problems).toEqual([]);
  });

  it('says of which file the name cannot be read, and goes on with the others', async () => {
    mkdirSync(join(folder, 'm'));
    writeFileSync(join(folder, 'm/a.wav'), 'x');
    const latin1 = Buffer.from(`${join(folder, 'm')}/caf\u00e9.wav`, 'latin1');
    writeFileSync(latin1, 'x');
    const { files, problems } = await walk([join(folder, 'm')], stop);
    expect(files.map(({ path }) => path)).toEqual([join(folder, 'm/a.wav')]);
    expect(problems).toEqual([
      {
        path: join(folder, 'm/caf\ufffd.wav'),
        message: 'The name of this file is not UTF-8: rename it.',
        identity: null,
      },
    ]);
  });

  it('says which folder is not there and goes on with the others', async () => {
    mkdirSync(join(folder, 'm'));
    writeFileSync(join(folder, 'm/a.wav'), 'x');
    const result = await walk([join(folder, 'absent'), join(folder, 'm')], stop);
    expect(result.problems).toEqual([
      { path: join(folder, 'absent'), message: 'This folder does not exist.', identity: null },
    ]);
    expect(result.files).toHaveLength(1);
  });

  it('tells once when files come in a burst', async () => {
    const onChange = vi.fn();
    const watch = createFolderWatch({ onChange, onTrouble: vi.fn() });
    watch.follow(new Map([[folder, 'first']]));
    for (let i = 0; i < 5; i += 1) writeFileSync(join(folder, `${i}.ogg`), 'x');
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5000 });
    expect(onChange).toHaveBeenCalledTimes(1);
    watch.close();
  });
});
