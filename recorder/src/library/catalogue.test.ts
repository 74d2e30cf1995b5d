import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { type Catalogue, createCatalogue, type FoundFile } from './catalogue.ts';
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
    expect(catalogue.recognise(file('/new'), 'content', new Set(['/old']))).toBe('moved');
    expect(catalogue.track(key)?.path).toBe('/new');
    expect(catalogue.totals()).toEqual({ tracks: 1, hours: 0.5 });
  });

  it('indexes a copy once, and lets it take the place of the first when that is removed', () => {
    const key = add('/one', 'content');
    expect(catalogue.recognise(file('/two'), 'content', new Set())).toBe('copy');
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
