import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchPath } from './watch-path.ts';

let folder: string;
let path: string;
let signs: number;
let stop: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-path-'));
  path = join(folder, 'drive', 'music', 'a.wav');
});
afterEach(() => {
  stop();
  rmSync(folder, { recursive: true });
});

/** Watches, and waits until the first look is over. */
async function begin(): Promise<void> {
  signs = 0;
  stop = watchPath(path, {
    onSign: () => {
      signs += 1;
    },
    onTrouble: (error) => {
      throw error;
    },
    quietMs: 300,
  });
  await signed(1);
}
const signed = (times: number) => expect.poll(() => signs, { timeout: 8000 }).toBe(times);

describe('the watch of a path', () => {
  it('tells that it came, however many folders come with it', async () => {
    await begin();
    mkdirSync(join(folder, 'drive', 'music'), { recursive: true });
    await signed(2);
    writeFileSync(path, 'a');
    await signed(3);
  });

  it('tells once a file that is being copied has all come', async () => {
    mkdirSync(join(folder, 'drive', 'music'), { recursive: true });
    await begin();
    const began = performance.now();
    for (let part = 0; part < 6; part += 1) {
      appendFileSync(path, 'part');
      await pause(100);
    }
    const copied = performance.now() - began;
    await signed(2);
    expect(performance.now() - began).toBeGreaterThan(copied + 150);
    await pause(600);
    expect(signs).toBe(2);
  });

  it('tells of a folder that is moved to its place, of its rights, and of what is put into it', async () => {
    path = join(folder, 'drive', 'music');
    mkdirSync(join(folder, 'drive'));
    mkdirSync(join(folder, 'elsewhere'));
    await begin();
    renameSync(join(folder, 'elsewhere'), path);
    await signed(2);
    chmodSync(path, 0o700);
    await signed(3);
    writeFileSync(join(path, 'a.wav'), 'a');
    await signed(4);
  });

  it('tells of it when the folder above has gone and come again', async () => {
    mkdirSync(join(folder, 'drive', 'music'), { recursive: true });
    await begin();
    rmSync(join(folder, 'drive'), { recursive: true });
    await signed(2);
    mkdirSync(join(folder, 'drive', 'music'), { recursive: true });
    writeFileSync(path, 'a');
    await signed(3);
  });

  it('does not tell of its neighbours, nor after its end', async () => {
    mkdirSync(join(folder, 'drive', 'music'), { recursive: true });
    await begin();
    writeFileSync(join(folder, 'drive', 'music', 'b.wav'), 'b');
    await pause(600);
    expect(signs).toBe(1);
    stop();
    writeFileSync(path, 'a');
    await pause(600);
    expect(signs).toBe(1);
  });
});
