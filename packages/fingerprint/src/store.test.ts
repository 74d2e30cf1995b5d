import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackEntry } from './batch.ts';
import { FingerprintError } from './errors.ts';
import { decodeManifest } from './manifest.ts';
import { IndexStore } from './store.ts';
import { MemoryFiles } from './testing/memory-files.ts';
import { excerpt, fingerprintOf, tune } from './testing/tune.ts';

const LENGTH = 20;
const sounds = [0, 1, 2, 3].map((seed) => tune(seed, LENGTH));
const entries: TrackEntry[] = sounds.map((pcm, i) => ({
  key: `track ${i}`,
  fingerprint: fingerprintOf(pcm),
}));
const clipOf = (i: number): Float32Array => excerpt(sounds[i], 6, 12);

async function opened(files: MemoryFiles): Promise<IndexStore> {
  const store = new IndexStore(files);
  await store.open();
  return store;
}

describe('IndexStore', () => {
  it('is empty and ready where there was none', async () => {
    const store = new IndexStore(new MemoryFiles());
    expect(await store.open()).toEqual({ state: 'ready' });
    expect(store.stats()).toEqual({ tracks: 0, hours: 0, bytes: 0 });
    expect(store.query(clipOf(0))).toBeNull();
  });

  it('answers from what was added, at once and after a restart', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await store.add(entries[0]);
    await store.add(entries[1], entries[2]);
    expect(store.query(clipOf(1))?.trackKey).toBe('track 1');
    const again = await opened(files);
    expect(again.query(clipOf(2))?.trackKey).toBe('track 2');
    expect([...again.keys()]).toEqual(['track 0', 'track 1', 'track 2']);
    expect(again.stats().tracks).toBe(3);
  });

  it.each(['batches', 'a segment'])(
    'forgets what was removed from %s, also after a restart',
    async (kind) => {
      const files = new MemoryFiles();
      const store = await opened(files);
      await store.add(...entries);
      if (kind === 'a segment') await store.compact();
      await store.remove('track 1', 'never heard of');
      for (const one of [store, await opened(files)]) {
        expect(one.has('track 1')).toBe(false);
        expect(one.query(clipOf(1))).toBeNull();
        expect(one.query(clipOf(2))?.trackKey).toBe('track 2');
      }
    },
  );

  it('replaces the sound of a track that changed', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await store.add(entries[0]);
    await store.compact();
    await store.add({ key: 'track 0', fingerprint: entries[3].fingerprint });
    const again = await opened(files);
    expect(again.query(clipOf(0))).toBeNull();
    expect(again.query(clipOf(3))?.trackKey).toBe('track 0');
    expect(again.stats().tracks).toBe(1);
  });

  it('keeps the last of what is added under one key at once', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await store.add({ ...entries[0], key: 'x' }, entries[2], { ...entries[1], key: 'x' });
    for (const one of [store, await opened(files)]) {
      expect(one.stats()).toMatchObject({ tracks: 2 });
      expect(one.query(clipOf(1))?.trackKey).toBe('x');
      expect(one.query(clipOf(0))).toBeNull();
    }
  });

  it('takes a track back that was removed before', async () => {
    const store = await opened(new MemoryFiles());
    await store.add(entries[0]);
    await store.compact();
    await store.remove('track 0');
    await store.add(entries[0]);
    expect(store.query(clipOf(0))?.trackKey).toBe('track 0');
  });

  it('compacts to one file without what was removed, and answers the same', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    for (const entry of entries) await store.add(entry);
    await store.remove('track 3');
    await store.compact();
    expect([...files.contents.keys()].filter((name) => name !== 'manifest')).toHaveLength(1);
    expect(store.query(clipOf(0))?.trackKey).toBe('track 0');
    expect(decodeManifest(await files.read('manifest')).parts).toMatchObject([
      { kind: 'segment', removed: [] },
    ]);
  });

  it('merges small files by itself before there are many', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    for (let i = 0; i < 70; i++) await store.add({ key: `${i}`, fingerprint: entries[i % 4].fingerprint });
    expect(files.contents.size).toBeLessThan(12);
    expect(store.stats().tracks).toBe(70);
  });

  it('has the old index or the new one, whenever the power is cut', async () => {
    for (let cut = 0; cut < 12; cut++) {
      const files = new MemoryFiles();
      const store = await opened(files);
      await store.add(entries[0], entries[1]);
      await store.compact();
      files.failAfter = cut;
      const changed = (async () => {
        await store.add(entries[2]);
        await store.remove('track 0');
        await store.compact();
      })();
      const outcome = await changed.then(
        () => 'done',
        () => 'cut',
      );
      files.failAfter = Number.POSITIVE_INFINITY;
      const again = new IndexStore(files);
      expect(await again.open()).toEqual({ state: 'ready' });
      expect(again.query(clipOf(1))?.trackKey).toBe('track 1');
      expect(again.has('track 2') || again.has('track 0')).toBe(true);
      expect(outcome).toBe(cut < 7 ? 'cut' : 'done');
    }
  });

  it('goes on after a write that failed, as if it had not been asked', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await store.add(entries[0]);
    files.failAfter = 0;
    await expect(store.remove('track 0')).rejects.toThrow('power cut');
    files.failAfter = Number.POSITIVE_INFINITY;
    expect(store.query(clipOf(0))?.trackKey).toBe('track 0');
    await store.add(entries[1]);
    expect((await opened(files)).stats().tracks).toBe(2);
  });

  it('notices damage, keeps what is whole, and says so once', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await store.add(entries[0]);
    await store.add(entries[1]);
    const [damaged] = [...files.contents.keys()].filter((name) => name.startsWith('batch'));
    files.contents.get(damaged)?.fill(7, 100, 120);
    const again = new IndexStore(files);
    expect(await again.open()).toEqual({ state: 'damaged', files: [damaged] });
    expect([...again.keys()]).toEqual(['track 1']);
    await again.add(entries[0]);
    expect(await new IndexStore(files).open()).toEqual({ state: 'ready' });
  });

  it('begins anew after a damaged manifest or a lost file', async () => {
    for (const name of ['manifest', 'batch-1']) {
      const files = new MemoryFiles();
      await (await opened(files)).add(entries[0]);
      if (name === 'manifest') files.contents.set(name, new TextEncoder().encode('{}'));
      else files.contents.delete(name);
      const again = new IndexStore(files);
      expect(await again.open()).toEqual({ state: 'damaged', files: [name] });
      await again.add(entries[0]);
      expect((await opened(files)).query(clipOf(0))?.trackKey).toBe('track 0');
    }
  });

  it('says that it is not open', () => {
    expect(() => new IndexStore(new MemoryFiles()).query(clipOf(0))).toThrow(FingerprintError);
  });

  it('takes changes asked for at the same time one after the other', async () => {
    const files = new MemoryFiles();
    const store = await opened(files);
    await Promise.all([
      ...entries.map((entry) => store.add(entry)),
      store.compact(),
      store.remove('track 2'),
    ]);
    expect([...(await opened(files)).keys()].sort()).toEqual(['track 0', 'track 1', 'track 3']);
  });
});

describe('decodeManifest', () => {
  it('refuses anything but a whole manifest, with a named error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => decodeManifest(bytes)).toThrow(FingerprintError);
      }),
    );
  });
});
