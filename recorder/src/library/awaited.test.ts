import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { IndexHealth } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { createAwaited } from './awaited.ts';
import { createCatalogue } from './catalogue.ts';
import { openLibrary } from './open.ts';

let folder: string;
let music: string;
let store: Store;
let library: ReturnType<typeof openLibrary>;
let health: IndexHealth[];
let mounted: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-awaited-'));
  music = join(folder, 'drive', 'music');
  store = openStore(folder, () => new Date()).store;
  health = [];
  mounted = [];
  library = openLibrary({
    catalogue: createCatalogue(store),
    index: { keys: async () => [], add: async () => undefined, remove: async () => undefined },
    others: { keys: () => [], find: () => null },
    onHealth: (state) => health.push(state),
    log: () => undefined,
  });
});
afterEach(async () => {
  await library.close();
  store.close();
  for (const path of mounted) execFileSync('umount', [path]);
  rmSync(folder, { recursive: true });
});

/** Files that hold no sound: each that is found becomes a problem, which tells that it was found. */
const found = () => (health.at(-1)?.problems ?? []).map(({ path }) => path);
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });
const isReady = () => health.at(-1)?.state === 'ready';

function mount(path: string, files: readonly string[]): void {
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', path]);
  mounted.push(path);
  for (const name of files) writeFileSync(join(path, name), 'no sound');
}

async function begin(): Promise<void> {
  library.follow([music]);
  await eventually(isReady).toBe(true);
}

describe('a music folder that comes later', () => {
  it('is noticed by itself where there was none', async () => {
    await begin();
    expect(found()).toEqual([music]);
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'a.wav'), 'no sound');
    mkdirSync(join(folder, 'drive'));
    renameSync(join(folder, 'elsewhere'), music);
    await eventually(found).toEqual([join(music, 'a.wav')]);
  });

  it('is noticed at the next occasion where its drive is mounted onto an empty folder, and when that goes', async () => {
    mkdirSync(music, { recursive: true });
    await begin();
    library.look();
    await pause(300);
    const rounds = health.length;
    mount(music, ['a.wav']);
    library.look();
    await eventually(found).toEqual([join(music, 'a.wav')]);
    expect(rounds).toBe(2);
    // The watch is one of the drive now, no longer of the folder that it covers.
    writeFileSync(join(music, 'b.wav'), 'no sound');
    await eventually(found).toEqual([join(music, 'b.wav'), join(music, 'a.wav')]);
    execFileSync('umount', [music]);
    mounted = [];
    await eventually(found).toEqual([]);
    mount(music, ['c.wav']);
    library.look();
    await eventually(found).toEqual([join(music, 'c.wav')]);
  });

  it('is asked for once, and no more, while its share does not answer', async () => {
    const asked: string[] = [];
    let onAnswer: (identity: string) => void = () => undefined;
    let changes = 0;
    const awaited = createAwaited({
      onChange: () => {
        changes += 1;
      },
      onTrouble: () => undefined,
      identify: (path) => {
        asked.push(path);
        return new Promise((resolve) => {
          onAnswer = resolve;
        });
      },
    });
    awaited.follow([
      { path: '/share', identity: 'empty' },
      { path: '/other', identity: 'empty' },
    ]);
    for (let times = 0; times < 5; times += 1) awaited.look();
    expect(asked).toEqual(['/share']);
    onAnswer('mounted');
    await pause(10);
    expect(changes).toBe(1);
    awaited.look();
    expect(asked).toEqual(['/share', '/share']);
    awaited.close();
  });

  it('costs no round while nothing has changed', async () => {
    mkdirSync(music, { recursive: true });
    await begin();
    const rounds = health.length;
    for (let times = 0; times < 5; times += 1) {
      library.look();
      await pause(50);
    }
    expect(health).toHaveLength(rounds);
  });
});
