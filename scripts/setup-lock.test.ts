import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type WithSetupLock = (options: {
  lock: string;
  work: () => Promise<void>;
  onWait: () => void;
}) => Promise<void>;

const script = new URL('./setup-lock.mjs', import.meta.url).href;
const { withSetupLock } = (await import(script)) as { withSetupLock: WithSetupLock };

let folder: string;
let lock: string;
let waited: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-lock-'));
  lock = join(folder, 'setup.lock');
  waited = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const setUp = (work: () => Promise<void>) =>
  withSetupLock({
    lock,
    work,
    onWait: () => {
      waited += 1;
    },
  });
const boot = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

describe('the lock of setting up', () => {
  it('lets one after the other, and leaves nothing behind', async () => {
    let inside = 0;
    const most: number[] = [];
    const work = async () => {
      inside += 1;
      most.push(inside);
      await pause(50);
      inside -= 1;
    };
    await Promise.all([setUp(work), setUp(work), setUp(work)]);
    expect(most).toEqual([1, 1, 1]);
    expect(waited).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is free again when the work fails', async () => {
    await expect(setUp(() => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    await setUp(async () => undefined);
  });

  it.each([
    ['a power cut has left empty', () => ''],
    ['a power cut has left, with a pid that is in use again', () => `${process.pid} another-boot`],
    ['a version has left that wrote only a pid', () => String(process.pid)],
  ])('takes over what %s', async (_, content) => {
    writeFileSync(lock, content());
    let done = false;
    await setUp(async () => {
      done = true;
    });
    expect(done).toBe(true);
    expect(waited).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits for a start that lives, and takes over from one that was killed', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    writeFileSync(lock, `${holder.pid} ${boot()}`);
    let done = false;
    const mine = setUp(async () => {
      done = true;
    });
    await pause(500);
    expect([done, waited]).toEqual([false, 1]);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await mine;
    expect(done).toBe(true);
  });
});
