import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { IndexHealth } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import type { AwaitedFolder } from './identity.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import type { Reader } from './reader.ts';

let folder: string;
let music: string;
let store: Store;
let catalogue: Catalogue;
let inIndex: Map<number, string>;
let heard: Map<number, { fingerprint: Uint8Array }>;
let readPaths: string[];
let tagPaths: string[];
let unreadable: string | null;
let health: IndexHealth[];
let awaited: AwaitedFolder[];

const index = {
  keys: async () => [...inIndex.keys()],
  add: async (tracks: { trackKey: number; fingerprint: Uint8Array }[]) => {
    for (const { trackKey, fingerprint } of tracks)
      inIndex.set(trackKey, Buffer.from(fingerprint).toString());
  },
  remove: async (keys: number[]) => {
    for (const key of keys) inIndex.delete(key);
  },
};
const reader: Pick<Reader, 'read' | 'readTags' | 'close'> = {
  readTags: async (path) => {
    tagPaths.push(path);
    if (unreadable && path.endsWith(unreadable)) return { read: 'failed', message: 'no permission' };
    return { read: 'tags', tags: { title: path, side: 'A', trackNo: 1 } };
  },
  read: async (path) => {
    readPaths.push(path);
    if (path.includes('broken')) return { read: 'failed', message: 'no sound in it' };
    return { read: 'track', fingerprint: Buffer.from(path), seconds: 60, tags: { title: path } };
  },
  close: () => undefined,
};

function newKeeper(): Keeper {
  return createKeeper({
    catalogue,
    index,
    reader,
    others: { keys: () => [...heard.keys()], find: (key) => heard.get(key) ?? null },
    onFolders: () => undefined,
    onAwaited: (folders) => {
      awaited = folders;
    },
    onHealth: (state) => health.push(state),
    onTrouble: (error) => {
      throw error;
    },
  });
}

async function round(keeper = newKeeper()): Promise<void> {
  keeper.follow([music]);
  await keeper.settled();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-keeper-'));
  music = join(folder, 'music');
  mkdirSync(music);
  store = openStore(folder, () => new Date()).store;
  catalogue = createCatalogue(store);
  inIndex = new Map();
  heard = new Map();
  readPaths = [];
  tagPaths = [];
  unreadable = null;
  health = [];
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

describe('keeper', () => {
  it('indexes what is new and says how far it is', async () => {
    for (const name of ['a.ogg', 'b.mp3', 'notes.txt']) writeFileSync(join(music, name), name);
    await round();
    expect(readPaths.map((path) => path.slice(music.length))).toEqual(['/a.ogg', '/b.mp3']);
    expect(inIndex.size).toBe(2);
    expect(health.at(-1)).toMatchObject({ state: 'ready', progress: 1, tracks: 2, problems: [] });
    expect(health.some((state) => state.state === 'indexing' && state.current?.endsWith('b.mp3'))).toBe(true);
  });

  it('reads nothing twice, also after a restart', async () => {
    writeFileSync(join(music, 'a.ogg'), 'a');
    await round();
    await round();
    expect(readPaths).toHaveLength(1);
  });

  it('follows a change, a move and a removal', async () => {
    writeFileSync(join(music, 'a.ogg'), 'one');
    writeFileSync(join(music, 'b.ogg'), 'two');
    const keeper = newKeeper();
    await round(keeper);
    writeFileSync(join(music, 'a.ogg'), 'other content');
    mkdirSync(join(music, 'album'));
    renameSync(join(music, 'b.ogg'), join(music, 'album/b.ogg'));
    await round(keeper);
    expect(readPaths).toHaveLength(3);
    expect(catalogue.keys()).toHaveLength(2);
    expect([...inIndex.keys()].sort()).toEqual(catalogue.keys().sort());
    rmSync(join(music, 'a.ogg'));
    await round(keeper);
    expect(inIndex.size).toBe(1);
  });

  it('names a broken file as a problem and goes on', async () => {
    for (const name of ['a.ogg', 'broken.ogg', 'c.ogg']) writeFileSync(join(music, name), name);
    await round();
    expect(inIndex.size).toBe(2);
    expect(health.at(-1)?.problems).toMatchObject([{ message: 'no sound in it' }]);
  });

  it('keeps the music of a folder that cannot be reached now', async () => {
    writeFileSync(join(music, 'a.ogg'), 'a');
    await round();
    renameSync(music, join(folder, 'unmounted'));
    await round();
    expect(inIndex.size).toBe(1);
    expect(health.at(-1)?.problems).toMatchObject([{ path: music }]);
    renameSync(join(folder, 'unmounted'), music);
    await round();
    expect(readPaths).toHaveLength(1);
  });

  it('keeps the music of a drive that is not mounted, where only its empty folder is', async () => {
    writeFileSync(join(music, 'a.ogg'), 'a');
    await round();
    renameSync(join(music, 'a.ogg'), join(folder, 'a.ogg'));
    await round();
    expect(inIndex.size).toBe(1);
    const message = expect.stringContaining('its drive may not be mounted');
    expect(health.at(-1)?.problems).toEqual([{ path: music, message }]);
    renameSync(join(folder, 'a.ogg'), join(music, 'a.ogg'));
    await round();
    expect(readPaths).toHaveLength(1);
    expect(health.at(-1)).toMatchObject({ tracks: 1, problems: [] });
    writeFileSync(join(music, 'b.ogg'), 'b');
    rmSync(join(music, 'a.ogg'));
    await round();
    expect([...inIndex.values()]).toEqual([join(music, 'b.ogg')]);
  });

  it('awaits what cannot be walked, and music folders with no music in them', async () => {
    const [absent, link] = [join(folder, 'absent'), join(music, 'drive')];
    symlinkSync(absent, link);
    const keeper = newKeeper();
    keeper.follow([music, absent]);
    await keeper.settled();
    const { dev, ino } = statSync(music);
    expect(awaited.map(({ path, identity }) => [path, identity])).toEqual([
      [link, null],
      [absent, null],
      [music, `${dev}:${ino}`],
    ]);
    writeFileSync(join(music, 'a.ogg'), 'a');
    rmSync(link);
    mkdirSync(absent);
    writeFileSync(join(absent, 'b.ogg'), 'b');
    await round(keeper);
    expect(awaited).toEqual([]);
  });

  it('has no complaint about a folder whose music has all moved into another', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    const keeper = newKeeper();
    const follow = async () => {
      keeper.follow([music, other]);
      await keeper.settled();
    };
    for (const name of ['a.ogg', 'b.ogg', 'broken.ogg']) writeFileSync(join(music, name), name);
    writeFileSync(join(music, 'b, at once.ogg'), 'b.ogg');
    await follow();
    writeFileSync(join(music, 'a, later.ogg'), 'a.ogg');
    await follow();
    readPaths = [];
    health = [];
    for (const name of readdirSync(music)) renameSync(join(music, name), join(other, name));
    await follow();
    const broken = join(other, 'broken.ogg');
    expect(readPaths).toEqual([broken]);
    expect(JSON.stringify(health)).not.toContain('mounted');
    expect(health.at(-1)).toMatchObject({ state: 'ready', tracks: 2, problems: [{ path: broken }] });
  });

  it('says all the time that a drive is not mounted while it reads new music elsewhere', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(music, 'a.ogg'), 'a');
    await round();
    rmSync(join(music, 'a.ogg'));
    await round();
    writeFileSync(join(other, 'b.ogg'), 'b');
    const keeper = newKeeper();
    keeper.follow([music]);
    await keeper.settled();
    health = [];
    keeper.follow([music, other]);
    await keeper.settled();
    const later = health.slice(health.findIndex(({ state }) => state === 'indexing'));
    expect(later.map(({ state }) => state)).toEqual(['indexing', 'ready']);
    for (const { problems } of later) expect(problems).toMatchObject([{ path: music }]);
  });

  it('drops what a crash left in the index alone, and reads again what it lost', async () => {
    writeFileSync(join(music, 'a.ogg'), 'a');
    await round();
    inIndex.clear();
    inIndex.set(999, 'orphan');
    await round();
    expect(readPaths).toHaveLength(2);
    expect([...inIndex.values()]).toEqual([join(music, 'a.ogg')]);
  });

  describe('with tags that an older version has read', () => {
    const left = () => store.prepare('SELECT count(*) AS count FROM tags_to_read').get();
    beforeEach(async () => {
      for (const name of ['a.ogg', 'b.ogg']) writeFileSync(join(music, name), name);
      await round();
      expect(tagPaths).toEqual([]);
      store.exec('INSERT INTO tags_to_read SELECT track_key FROM files');
      readPaths = [];
      health = [];
    });

    it('reads them again, once, and no sound', async () => {
      const keys = catalogue.keys();
      renameSync(join(music, 'a.ogg'), join(music, 'moved.ogg'));
      await round();
      await round();
      expect(tagPaths).toEqual([join(music, 'moved.ogg'), join(music, 'b.ogg')]);
      expect(readPaths).toEqual([]);
      expect(catalogue.keys()).toEqual(keys);
      const tags = { title: join(music, 'moved.ogg'), side: 'A', trackNo: 1 };
      expect(catalogue.track(keys[0])).toMatchObject({ path: join(music, 'moved.ogg'), tags });
      expect(health.map(({ state, current }) => [state, current?.slice(music.length)])).toContainEqual([
        'indexing',
        '/moved.ogg',
      ]);
      expect(left()).toEqual({ count: 0 });
    });

    it('tries again later what cannot be read now', async () => {
      renameSync(music, join(folder, 'unmounted'));
      await round();
      expect(tagPaths).toEqual([]);
      renameSync(join(folder, 'unmounted'), music);
      unreadable = 'b.ogg';
      await round();
      expect(left()).toEqual({ count: 1 });
      unreadable = null;
      await round();
      expect(tagPaths.map((path) => path.slice(music.length))).toEqual(['/a.ogg', '/b.ogg', '/b.ogg']);
      expect(left()).toEqual({ count: 0 });
    });

    it('forgets those of files that were read anew or are gone', async () => {
      writeFileSync(join(music, 'a.ogg'), 'other content');
      rmSync(join(music, 'b.ogg'));
      await round();
      expect(tagPaths).toEqual([]);
      expect(left()).toEqual({ count: 0 });
    });
  });

  it('leaves sounds alone that are no file, and puts back those that the index lost', async () => {
    writeFileSync(join(music, 'a.ogg'), 'a');
    heard.set(70, { fingerprint: Buffer.from('learnt') });
    heard.set(71, { fingerprint: Buffer.from('lost') });
    inIndex.set(70, 'learnt');
    await round();
    expect(inIndex.size).toBe(3);
    expect([inIndex.get(70), inIndex.get(71)]).toEqual(['learnt', 'lost']);
  });

  describe('with songs of one length that begin and end alike', () => {
    /** More than the ends that are looked at of every file; `song` is in its middle. */
    const songBytes = (song: string): Buffer => {
      const bytes = Buffer.alloc(300_000);
      bytes.write(song, 150_000);
      return bytes;
    };
    const put = (name: string, song: string, seconds = 1_000_000_000): void => {
      writeFileSync(join(music, name), songBytes(song));
      utimesSync(join(music, name), seconds, seconds);
    };
    const tracks = () =>
      Object.fromEntries(
        catalogue.keys().flatMap((key) => {
          const track = catalogue.track(key);
          return track ? [[track.path.slice(music.length + 1), track.trackId]] : [];
        }),
      );
    /** The id of a file as it was before files with the same ends were told apart. */
    const oldId = 'fad2dec6bc2e9506d19f5d71a50f49a4';

    it('tells them apart, whether they come together or one after the other', async () => {
      put('sad.wav', 'sad');
      put('knolls.wav', 'knolls');
      await round();
      put('waltz.wav', 'waltz');
      put('waltz too.wav', 'waltz');
      await round();
      expect(inIndex.size).toBe(3);
      expect(new Set(Object.values(tracks())).size).toBe(3);
      for (const [name, id] of Object.entries(tracks()))
        expect(catalogue.trackById(id)?.path).toBe(join(music, name));
    });

    it('finds each of them again where it has moved to, without reading it', async () => {
      put('sad.wav', 'sad');
      put('knolls.wav', 'knolls');
      await round();
      const { 'sad.wav': sad, 'knolls.wav': knolls } = tracks();
      mkdirSync(join(music, 'album'));
      renameSync(join(music, 'sad.wav'), join(music, 'album/1.wav'));
      renameSync(join(music, 'knolls.wav'), join(music, 'album/2.wav'));
      readPaths = [];
      await round();
      expect(tracks()).toEqual({ 'album/1.wav': sad, 'album/2.wav': knolls });
      renameSync(join(music, 'album/1.wav'), join(music, 'album/3.wav'));
      rmSync(join(music, 'album/2.wav'));
      await round();
      expect(tracks()).toEqual({ 'album/3.wav': sad });
      expect(readPaths).toEqual([]);
    });

    it('reads a file that only may be one that is gone, and keeps the id', async () => {
      put('sad.wav', 'sad');
      await round();
      const { 'sad.wav': sad } = tracks();
      rmSync(join(music, 'sad.wav'));
      put('knolls.wav', 'knolls', 1_100_000_000);
      await round();
      expect(tracks()).toEqual({ 'knolls.wav': sad });
      expect([...inIndex.values()]).toEqual([join(music, 'knolls.wav')]);
      await round();
      expect(readPaths).toHaveLength(2);
    });

    it('takes no file for a copy of one that has changed', async () => {
      put('sad.wav', 'sad');
      await round();
      const { 'sad.wav': sad } = tracks();
      put('sad.wav', 'sad, remastered', 1_100_000_000);
      put('old sad.wav', 'sad');
      await round();
      expect(inIndex.size).toBe(2);
      expect(catalogue.trackById(sad)?.path).toBe(join(music, 'sad.wav'));
    });

    describe('while the drive of one of them is away', () => {
      let drive: string;
      const away = () => join(folder, 'away');
      const follow = async () => {
        const keeper = newKeeper();
        keeper.follow([music, drive]);
        await keeper.settled();
      };
      beforeEach(async () => {
        drive = join(folder, 'drive');
        mkdirSync(drive);
        put('../drive/sad.wav', 'sad');
        await follow();
        renameSync(drive, away());
        readPaths = [];
      });

      it('makes no second track of a copy, and knows it as one when the drive is back', async () => {
        put('copy.wav', 'sad');
        await follow();
        await follow();
        expect(readPaths).toEqual([]);
        expect([...inIndex.values()]).toEqual([join(drive, 'sad.wav')]);
        renameSync(away(), drive);
        await follow();
        expect(readPaths).toEqual([]);
        const state = store.prepare('SELECT state FROM files WHERE path = ?');
        expect(state.get(join(music, 'copy.wav'))).toEqual({ state: 'copy' });
      });

      it('reads another song when the drive is back', async () => {
        put('knolls.wav', 'knolls');
        await follow();
        expect(readPaths).toEqual([]);
        renameSync(away(), drive);
        await follow();
        expect(readPaths).toEqual([join(music, 'knolls.wav')]);
        expect(inIndex.size).toBe(2);
      });

      it('knows a copy of another one that can be read', async () => {
        renameSync(away(), drive);
        put('knolls.wav', 'knolls');
        await follow();
        renameSync(drive, away());
        put('copy.wav', 'knolls');
        put('waltz.wav', 'waltz');
        await follow();
        await follow();
        expect(readPaths).toEqual([join(music, 'knolls.wav')]);
        const state = store.prepare('SELECT state FROM files WHERE path = ?');
        expect(state.get(join(music, 'copy.wav'))).toEqual({ state: 'copy' });
        expect(state.get(join(music, 'waltz.wav'))).toBeUndefined();
      });
    });

    it('reads a copy when the file changes that it was a copy of, or when it changes itself', async () => {
      for (const name of ['sad.wav', 'copy.wav', 'copy too.wav']) put(name, 'sad');
      await round();
      expect(inIndex.size).toBe(1);
      const [[kept]] = Object.entries(tracks());
      put(kept, 'sad, remastered', 1_100_000_000);
      await round();
      expect(inIndex.size).toBe(2);
      const copy = ['sad.wav', 'copy.wav', 'copy too.wav'].find((name) => tracks()[name] === undefined) ?? '';
      put(copy, 'waltz', 1_100_000_000);
      await round();
      expect(inIndex.size).toBe(3);
      expect(new Set(Object.values(tracks())).size).toBe(3);
    });

    it('keeps the ids of files of an older store, and looks again at those that were taken for one', async () => {
      for (const song of ['sad', 'knolls', 'waltz']) put(`${song}.wav`, song);
      put('copy.wav', 'sad');
      store.close();
      rmSync(join(folder, 'recorder.db'));
      const old = new DatabaseSync(join(folder, 'recorder.db'));
      old.exec(`CREATE TABLE files (path TEXT PRIMARY KEY, track_key INTEGER NOT NULL UNIQUE, content_id TEXT NOT NULL,
          size INTEGER NOT NULL, mtime_ms REAL NOT NULL, state TEXT NOT NULL, message TEXT, seconds REAL NOT NULL,
          tags TEXT NOT NULL) STRICT;
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
        INSERT INTO counters VALUES ('track_key', 4);
        PRAGMA user_version = 9;`);
      const insert = old.prepare(
        `INSERT INTO files VALUES (?, ?, ?, 300000, 1e12, ?, NULL, 60, '{"title":""}')`,
      );
      for (const [i, name] of ['sad', 'waltz', 'knolls', 'copy'].entries())
        insert.run(join(music, `${name}.wav`), i + 1, oldId, i < 2 ? 'indexed' : 'copy');
      old.close();
      store = openStore(folder, () => new Date()).store;
      catalogue = createCatalogue(store);
      inIndex = new Map([1, 2].map((key) => [key, 'before']));
      await round();
      expect(readPaths.map((path) => path.slice(music.length + 1))).toEqual(['knolls.wav', 'waltz.wav']);
      expect(catalogue.track(1)).toMatchObject({ trackId: oldId, path: join(music, 'sad.wav') });
      expect(new Set(Object.values(tracks())).size).toBe(3);
      for (const name of ['sad.wav', 'waltz.wav']) renameSync(join(music, name), join(music, `1 - ${name}`));
      rmSync(join(music, 'copy.wav'));
      readPaths = [];
      const { 'waltz.wav': waltz } = tracks();
      await round();
      expect(tracks()).toMatchObject({ '1 - sad.wav': oldId, '1 - waltz.wav': waltz });
      expect(readPaths).toEqual([]);
    });
  });
});
