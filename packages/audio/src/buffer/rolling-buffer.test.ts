import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { appendFile, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pcmFormat } from '../pcm/format.ts';
import { temporaryFolder } from '../testing/sound.ts';
import type { Recording } from './recording.ts';
import { openRollingBuffer, type RollingBuffer } from './rolling-buffer.ts';
import { NotInBufferError } from './run.ts';
import { runFolderName, segmentName } from './run-folder.ts';

/** 100 frames a second of 4 bytes, each frame holding its number: lost or doubled ones show. */
const format = pcmFormat({ sampleRate: 100, channels: 2, bitsPerSample: 16 });
const START = 1_763_800_000_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let buffer: RollingBuffer;
let states: string[];

const open = (options: { seconds?: number; queueBytes?: number } = {}) =>
  openRollingBuffer({
    directory: folder.file('buffer'),
    seconds: 60,
    segmentSeconds: 1,
    onState: (state) => states.push(state),
    ...options,
  });

beforeEach(async () => {
  folder = await temporaryFolder();
  states = [];
});
afterEach(async () => {
  await buffer.close();
  await folder[Symbol.asyncDispose]();
});

function counted(recording: Recording, frames: number): Buffer {
  const bytes = Buffer.alloc(frames * 4);
  for (let index = 0; index < frames; index += 1) bytes.writeUInt32LE(recording.endFrame + index, index * 4);
  return bytes;
}
const append = (recording: Recording, frames: number) => recording.append(counted(recording, frames));

async function numbers(frames: AsyncIterable<Uint8Array> | undefined): Promise<number[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of frames ?? []) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const segmentsOf = async (sequence: number) =>
  (await readdir(join(folder.file('buffer'), runFolderName(sequence)))).filter((name) =>
    name.endsWith('.pcm'),
  );
/** Waits until all appended frames are in files, by opening the buffer anew. */
async function reopen(options: { seconds?: number } = {}): Promise<void> {
  await buffer.close();
  buffer = await open(options);
}

describe('a rolling buffer', () => {
  it('gives the frames of a time, across files and what still waits in memory', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    for (let block = 0; block < 10; block += 1) append(recording, 37);
    const take = buffer.take({ fromMs: START + 500, toMs: START + 3600 });
    expect(take).toMatchObject({ fromFrame: 50, toFrame: 360, clean: true, complete: true });
    expect(take).toMatchObject({ startedAtMs: START + 500, endsAtMs: START + 3600, format });
    expect(await numbers(take?.frames())).toEqual(range(50, 360));
    await reopen();
    expect(await numbers(buffer.take({ fromMs: START, toMs: START + 9000 })?.frames())).toEqual(
      range(0, 370),
    );
    expect(await segmentsOf(1)).toEqual([0, 100, 200, 300].map(segmentName));
  });

  it("does not keep the caller's memory", async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    const bytes = counted(recording, 5);
    recording.append(bytes);
    bytes.fill(0xff);
    expect(await numbers(recording.read({ fromFrame: 0, toFrame: 5 }))).toEqual(range(0, 5));
  });

  it('says when a wish is not wholly there, and answers nothing when none of it is', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START }), 100);
    expect(buffer.take({ fromMs: START - 500, toMs: START + 500 })).toMatchObject({
      complete: false,
      toFrame: 50,
    });
    expect(buffer.take({ fromMs: START + 500, toMs: START + 1500 })).toMatchObject({
      complete: false,
      toFrame: 100,
    });
    expect(buffer.take({ fromMs: START - 500, toMs: START })).toBeNull();
    expect(buffer.take({ fromMs: START + 1000, toMs: START + 2000 })).toBeNull();
  });

  it('takes from the run that holds most of the wish', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START }), 300);
    const mono = pcmFormat({ sampleRate: 100, channels: 1, bitsPerSample: 24 });
    const second = buffer.startRun({ format: mono, startedAt: START + 4000 });
    second.append(new Uint8Array(100 * 3));
    expect(buffer.take({ fromMs: START + 2000, toMs: START + 4500 })?.format).toEqual(format);
    expect(buffer.take({ fromMs: START + 2500, toMs: START + 5000 })).toMatchObject({
      format: mono,
      fromFrame: 0,
    });
    expect(buffer.span()).toEqual({ fromMs: START, toMs: START + 5000 });
  });

  it('calls a stretch with a gap unclean and shifts the time behind it', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    append(recording, 100);
    recording.noteGap(50);
    append(recording, 100);
    await reopen();
    expect(buffer.take({ fromMs: START, toMs: START + 1000 })?.clean).toBe(true);
    const across = buffer.take({ fromMs: START + 500, toMs: START + 2000 });
    expect(across).toMatchObject({ clean: false, fromFrame: 50, toFrame: 150 });
    expect(await numbers(across?.frames())).toEqual(range(50, 150));
  });

  it('follows the clock when it is told that the device drifts', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    append(recording, 100);
    recording.reAnchor(START + 1010);
    append(recording, 100);
    expect(recording.msOf(150)).toBe(START + 1510);
    await reopen();
    expect(buffer.take({ fromMs: START + 1510, toMs: START + 1810 })).toMatchObject({
      fromFrame: 150,
      toFrame: 180,
    });
  });

  it('refuses half a frame', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    expect(() => recording.append(new Uint8Array(5))).toThrow(RangeError);
  });
});

describe('the length of a rolling buffer', () => {
  it('deletes whole files that lie too far back', async () => {
    buffer = await open({ seconds: 3 });
    const recording = buffer.startRun({ format, startedAt: START });
    for (let second = 0; second < 10; second += 1) append(recording, 100);
    await reopen({ seconds: 3 });
    await reopen({ seconds: 3 });
    expect(await segmentsOf(1)).toEqual([600, 700, 800, 900].map(segmentName));
    expect(buffer.take({ fromMs: START, toMs: START + 10_000 })).toMatchObject({
      fromFrame: 600,
      complete: false,
    });
  });

  it('can be made shorter, and removes a run whose files are all gone', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START }), 250);
    append(buffer.startRun({ format, startedAt: START + 10_000 }), 250);
    await reopen();
    buffer.setLength(5);
    await buffer.close();
    expect(await readdir(folder.file('buffer'))).toEqual([runFolderName(2)]);
  });

  it('holds even when the clock is set back', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START + 1e9 }), 500);
    append(buffer.startRun({ format, startedAt: START }), 500);
    await reopen();
    buffer.setLength(4);
    await buffer.close();
    expect(await readdir(folder.file('buffer'))).toEqual([runFolderName(2)]);
  });

  it('leaves the files of a take alone until it has been read', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    append(recording, 1000);
    await reopen();
    const take = buffer.take({ fromMs: START, toMs: START + 2000 });
    buffer.setLength(1);
    await buffer.close();
    expect(await numbers(take?.frames())).toEqual(range(0, 200));
    buffer.setLength(1);
    await buffer.close();
    expect(buffer.take({ fromMs: START, toMs: START + 2000 })).toBeNull();
  });
});

describe('a rolling buffer in trouble', () => {
  it('keeps frames in memory while the disk is full, and writes them once it is not', async () => {
    buffer = await open();
    const full = join(folder.file('buffer'), runFolderName(1));
    mkdirSync(full);
    symlinkSync('/dev/full', join(full, segmentName(0)));
    const recording = buffer.startRun({ format, startedAt: START });
    append(recording, 50);
    await expect.poll(() => states).toEqual(['disk_full']);
    append(recording, 10);
    unlinkSync(join(full, segmentName(0)));
    append(recording, 10);
    await expect.poll(() => states).toEqual(['disk_full', 'recording']);
    expect(recording.lostFrames).toBe(0);
    expect(await numbers(recording.read({ fromFrame: 0, toFrame: 70 }))).toEqual(range(0, 70));
  });

  it('counts what it loses when memory runs out as well, and notes the gap', async () => {
    buffer = await open({ queueBytes: 400 });
    const full = join(folder.file('buffer'), runFolderName(1));
    mkdirSync(full);
    symlinkSync('/dev/full', join(full, segmentName(0)));
    const recording = buffer.startRun({ format, startedAt: START });
    expect([append(recording, 60), append(recording, 60), append(recording, 30)]).toEqual([60, 0, 30]);
    expect(recording.lostFrames).toBe(60);
    expect(buffer.take({ fromMs: START, toMs: START + 1500 })).toMatchObject({ clean: false, toFrame: 90 });
    expect(recording.msOf(60)).toBe(START + 1200);
  });

  it('starts a new folder when somebody removes it', async () => {
    buffer = await open();
    const recording = buffer.startRun({ format, startedAt: START });
    append(recording, 100);
    await expect.poll(() => segmentsOf(1)).toEqual([segmentName(0)]);
    await rm(folder.file('buffer'), { recursive: true });
    append(recording, 250);
    await reopen();
    expect(buffer.recovered).toEqual({ runs: 1, unreadable: 0 });
    const take = buffer.take({ fromMs: START + 1000, toMs: START + 3500 });
    expect(await numbers(take?.frames())).toEqual(range(100, 350));
  });

  it('says so when a file of a take was taken away', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START }), 300);
    await reopen();
    const take = buffer.take({ fromMs: START, toMs: START + 3000 });
    await unlink(join(folder.file('buffer'), runFolderName(1), segmentName(100)));
    await expect(numbers(take?.frames())).rejects.toThrow(NotInBufferError);
    await reopen();
    expect(buffer.take({ fromMs: START, toMs: START + 3000 })).toMatchObject({
      clean: false,
      complete: true,
    });
  });

  it('finds the frames of a killed recorder again, whole and in order', async () => {
    const program = new URL('../testing/record-forever.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, folder.file('buffer')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let appended = 0;
    for await (const line of child.stdout.setEncoding('utf8')) {
      appended = Number(line.trim().split('\n').at(-1));
      if (appended >= 40_000) break;
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await appendFile(join(folder.file('buffer'), runFolderName(1), segmentName(35_000)), 'torn!');

    buffer = await open();
    expect(buffer.recovered).toEqual({ runs: 1, unreadable: 0 });
    const take = buffer.take({ fromMs: START, toMs: START + 60_000 });
    const pieces: Uint8Array[] = [];
    for await (const piece of take?.frames() ?? []) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    expect(bytes.length / 6).toBeGreaterThan(appended - 2000);
    for (let frame = 0; frame < bytes.length / 6; frame += 1)
      if (bytes.readUIntLE(frame * 6, 6) !== frame) expect.fail(`frame ${frame} is not in its place`);
    expect(take?.clean).toBe(true);
  });

  it('leaves nothing behind of a run that it cannot tell', async () => {
    buffer = await open();
    append(buffer.startRun({ format, startedAt: START }), 100);
    await buffer.close();
    await unlink(join(folder.file('buffer'), runFolderName(1), 'run.json'));
    buffer = await open();
    expect(buffer.recovered).toEqual({ runs: 0, unreadable: 1 });
    expect(await readdir(folder.file('buffer'))).toEqual([]);
  });
});
