import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Play } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BelievedPlay } from './belief.ts';
import { createOutbox } from './outbox.ts';
import { createMemoWriter, inTransaction, openStore, readMemo, type Store, writeMemo } from './store.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-outbox-'));
  store = openStore(folder, () => new Date()).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
function play(n: number, revision = 1): { believed: BelievedPlay; wire: Play } {
  const at = new Date(1_000_000 + n * 1000).toISOString();
  const believed: BelievedPlay = {
    entryId: id(n),
    revision,
    trackId: 't',
    startMs: n,
    positionMs: n,
    detectedMs: 1000 * n,
    endMs: null,
    lastHeardMs: n,
    speed: 1,
    durationSeconds: 10,
    votes: 2,
  };
  const track = { track_id: 't', source: 'local', track_name: `Track ${n}` };
  return {
    believed,
    wire: { entry_id: id(n), revision, detected_at: at, started_at: at, ended_at: null, track, speed: 1 },
  };
}

describe('outbox', () => {
  it('tells a play once when the server takes it', async () => {
    const told: Play[] = [];
    const outbox = createOutbox({
      store,
      tell: async (p) => void told.push(p),
      onTrouble: vi.fn(),
      onHeld: vi.fn(),
    });
    const { believed, wire } = play(1);
    outbox.put(believed, wire);
    await vi.waitFor(() => expect(outbox.untold()).toBe(false));
    outbox.kick();
    expect(told).toEqual([wire]);
    outbox.close();
  });

  it('tells in order what could not be told before, also after a restart', async () => {
    const dead = createOutbox({
      store,
      tell: () => Promise.reject(new Error('no server')),
      onTrouble: vi.fn(),
      onHeld: vi.fn(),
    });
    for (const n of [1, 2, 3]) dead.put(play(n).believed, play(n).wire);
    await vi.waitFor(() => expect(dead.untold()).toBe(true));
    dead.close();
    store.close();
    store = openStore(folder, () => new Date()).store;
    const told: string[] = [];
    const outbox = createOutbox({
      store,
      tell: async (p) => void told.push(p.entry_id),
      onTrouble: vi.fn(),
      onHeld: vi.fn(),
    });
    outbox.kick();
    await vi.waitFor(() => expect(told).toEqual([id(1), id(2), id(3)]));
    expect(outbox.last()?.entryId).toBe(id(3));
    outbox.close();
  });

  it('tries again by itself and reports the trouble once', async () => {
    let failures = 2;
    const trouble = vi.fn();
    const tell = async () => {
      if (failures-- > 0) throw new Error('not now');
    };
    const outbox = createOutbox({ store, tell, onTrouble: trouble, onHeld: vi.fn() });
    outbox.put(play(1).believed, play(1).wire);
    await vi.waitFor(() => expect(outbox.untold()).toBe(false), { timeout: 5000 });
    expect(trouble).toHaveBeenCalledTimes(1);
    outbox.close();
  });

  it('keeps in memory what a full disk does not take, says so, and writes and tells it when there is room', async () => {
    const told: Play[] = [];
    const onTrouble = vi.fn();
    const onHeld = vi.fn();
    const outbox = createOutbox({ store, tell: async (p) => void told.push(p), onTrouble, onHeld });
    store.exec('PRAGMA query_only = 1');
    outbox.keep(play(1).believed, play(1).wire);
    outbox.keep(play(2).believed, play(2).wire);
    outbox.keep(play(2, 2).believed, play(2, 2).wire);
    expect(onHeld.mock.calls.map(([plays]) => plays)).toEqual([1, 2, 2]);
    expect(() => outbox.put(play(3).believed, play(3).wire)).toThrow();
    store.exec('PRAGMA query_only = 0');
    await vi.waitFor(() => expect(told).toEqual([play(1).wire, play(2, 2).wire]), { timeout: 5000 });
    expect(onHeld).toHaveBeenLastCalledWith(0, null);
    expect(onTrouble).not.toHaveBeenCalled();
    expect(outbox.last()).toMatchObject({ entryId: id(2), revision: 2 });
    outbox.close();
  });

  it('writes what the disk did not take while another play was being told', async () => {
    const told: Play[] = [];
    let answer: () => void = () => undefined;
    const tell = async (p: Play) => {
      told.push(p);
      if (told.length === 1) await new Promise<void>((resolve) => (answer = resolve));
    };
    const onHeld = vi.fn();
    const outbox = createOutbox({ store, tell, onTrouble: vi.fn(), onHeld });
    outbox.keep(play(1).believed, play(1).wire);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    store.exec('PRAGMA query_only = 1');
    outbox.keep(play(2).believed, play(2).wire);
    store.exec('PRAGMA query_only = 0');
    answer();
    await vi.waitFor(() => expect(told).toEqual([play(1).wire, play(2).wire]), { timeout: 5000 });
    expect(onHeld.mock.calls.map(([plays]) => plays)).toEqual([1, 0]);
    outbox.close();
  });

  it('says that nothing is in memory any more when the next revision of a play is written', () => {
    const onHeld = vi.fn();
    const outbox = createOutbox({ store, tell: async () => undefined, onTrouble: vi.fn(), onHeld });
    store.exec('PRAGMA query_only = 1');
    for (const n of [1, 2]) outbox.keep(play(n).believed, play(n).wire);
    store.exec('PRAGMA query_only = 0');
    for (const n of [1, 2]) outbox.keep(play(n, 2).believed, play(n, 2).wire);
    outbox.keep(play(3).believed, play(3).wire);
    expect(onHeld.mock.calls).toEqual([
      [1, expect.anything()],
      [2, expect.anything()],
      [0, null],
    ]);
    outbox.close();
  });

  it('tells the newest revision, and never an older one after it', async () => {
    const told: number[] = [];
    const outbox = createOutbox({
      store,
      tell: async (p) => void told.push(p.revision),
      onTrouble: vi.fn(),
      onHeld: vi.fn(),
    });
    outbox.put(play(1, 2).believed, play(1, 2).wire);
    outbox.put(play(1, 1).believed, play(1, 1).wire);
    await vi.waitFor(() => expect(outbox.untold()).toBe(false));
    expect(told).toEqual([2]);
    outbox.close();
  });

  it('knows the track of a play as it was kept last', () => {
    const outbox = createOutbox({ store, tell: async () => undefined, onTrouble: vi.fn(), onHeld: vi.fn() });
    const { believed, wire } = play(1);
    outbox.put(believed, wire);
    outbox.put(believed, { ...wire, revision: 2, track: { ...wire.track, track_name: 'Renamed' } });
    expect(outbox.track(wire.entry_id)).toEqual({ ...wire.track, track_name: 'Renamed' });
    expect(outbox.track(id(9))).toBeNull();
    outbox.close();
  });
});

describe('the play believed last', () => {
  it.each([undefined, 0, 2000, Number.POSITIVE_INFINITY])(
    'keeps how coarse its start is: %s',
    (toleranceMs) => {
      const outbox = createOutbox({
        store,
        tell: async () => undefined,
        onTrouble: vi.fn(),
        onHeld: vi.fn(),
      });
      const { believed, wire } = play(1);
      outbox.put({ ...believed, ...(toleranceMs !== undefined && { toleranceMs }) }, wire);
      expect(outbox.last()?.toleranceMs).toBe(toleranceMs);
      outbox.close();
    },
  );
});

describe('store', () => {
  it('keeps a damaged database aside and begins a new one', () => {
    store.close();
    writeFileSync(
      join(folder, 'recorder.db'),
      'this is no database, but long enough to look like a page'.repeat(100),
    );
    rmSync(join(folder, 'recorder.db-wal'), { force: true });
    const opened = openStore(folder, () => new Date(0));
    store = opened.store;
    expect(opened.keptAside).toMatch(/recorder\.db\.broken-1970/);
    expect(
      createOutbox({ store, tell: async () => undefined, onTrouble: vi.fn(), onHeld: vi.fn() }).last(),
    ).toBeNull();
  });

  it('copies one of an older version before it is changed, and names the copy to the program of before', () => {
    store.close();
    const path = join(folder, 'recorder.db');
    rmSync(path);
    const copies = () => readdirSync(folder).filter((name) => name.includes('.backup-'));
    const old = new DatabaseSync(path);
    old.exec(
      `CREATE TABLE memos (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
       CREATE TABLE files (track_key INTEGER, content_id TEXT, state TEXT, tags TEXT) STRICT; PRAGMA user_version = 1;`,
    );
    writeMemo(old, 'x', 'of before');
    old.close();
    store = openStore(folder, () => new Date(0)).store;
    expect(readMemo(store, 'x')).toBe('of before');
    const name = 'recorder.db.backup-1-1970-01-01T000000000Z';
    expect(copies()).toEqual([name]);
    const copy = new DatabaseSync(join(folder, name), { readOnly: true });
    expect(readMemo(copy, 'x')).toBe('of before');
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(copy.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()).toEqual([
      { name: 'memos' },
      { name: 'files' },
    ]);
    copy.close();
    // What is up to date is not copied again.
    store.close();
    store = openStore(folder, () => new Date()).store;
    expect(copies()).toEqual([name]);
    store.exec('PRAGMA user_version = 1000');
    expect(() => openStore(folder, () => new Date())).toThrow(`kept as ${join(folder, name)}`);
    expect(copies()).toEqual([name]);
  });

  it('brings one up to date in one change, all of it or nothing', () => {
    store.close();
    const path = join(folder, 'recorder.db');
    rmSync(path);
    const old = new DatabaseSync(path);
    // In the way of what the last versions but one make.
    old.exec('CREATE TABLE asked_services (x INTEGER) STRICT; PRAGMA user_version = 1;');
    old.close();
    expect(() => openStore(folder, () => new Date())).toThrow('asked_services');
    const left = new DatabaseSync(path, { readOnly: true });
    expect(left.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    expect(left.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()).toEqual([
      { name: 'asked_services' },
    ]);
    left.close();
    rmSync(path);
    store = openStore(folder, () => new Date()).store;
  });

  it('begins a new one without a copy', () => {
    expect(readdirSync(folder).filter((name) => name.includes('.backup-'))).toEqual([]);
  });

  it('keeps memos', () => {
    expect(readMemo(store, 'x')).toBeUndefined();
    writeMemo(store, 'x', { a: 1 });
    writeMemo(store, 'x', { a: 2 });
    expect(readMemo(store, 'x')).toEqual({ a: 2 });
  });

  it('says that the disk is full, and takes what comes when there is room again', () => {
    const { page_count: pages } = store.prepare('PRAGMA page_count').get() as { page_count: number };
    store.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const fill = (size: number) => () => writeMemo(store, 'x', 'x'.repeat(size));
    expect(() => inTransaction(store, fill(100_000))).toThrow('full');
    expect(readMemo(store, 'x')).toBeUndefined();
    // One that ends the transaction itself, as SQLite may do when it is full.
    const failing = () => {
      store.exec('ROLLBACK');
      throw new Error('database or disk is full');
    };
    expect(() => inTransaction(store, failing)).toThrow('full');
    inTransaction(store, fill(10));
    expect(readMemo(store, 'x')).toBe('x'.repeat(10));
  });

  it('tells once that memos cannot be written, and again after one was', () => {
    const onTrouble = vi.fn();
    const save = createMemoWriter(store, onTrouble);
    for (const [readOnly, told] of [
      [1, 1],
      [1, 1],
      [0, 1],
      [1, 2],
    ]) {
      store.exec(`PRAGMA query_only = ${readOnly}`);
      save('x', told);
      expect(onTrouble).toHaveBeenCalledTimes(told);
    }
    store.exec('PRAGMA query_only = 0');
    expect(readMemo(store, 'x')).toBe(1);
  });
});
