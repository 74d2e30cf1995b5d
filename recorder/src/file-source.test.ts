import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CaptureError, CaptureEvent } from '@pidentify/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileSource } from './file-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A WAV file whose 16-bit samples count up from `first`. */
function writeWav(
  path: string,
  {
    frames,
    rate = 8000,
    channels = 1,
    first = 0,
  }: { frames: number; rate?: number; channels?: number; first?: number },
): void {
  const data = Buffer.alloc(frames * channels * 2);
  for (let i = 0; i < frames * channels; i += 1) data.writeInt16LE(((first + i) % 65_536) - 32_768, i * 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  writeFileSync(path, Buffer.concat([head, data]));
}

async function play(path: string, { startedMs = Date.now() } = {}) {
  const blocks: Uint8Array[] = [];
  const arrivals: number[] = [];
  const events: CaptureEvent[] = [];
  const problems: string[] = [];
  const ended = Promise.withResolvers<void>();
  const source = createFileSource({
    path,
    startedMs: () => startedMs,
    now: Date.now,
    onProblem: (message) => problems.push(message),
  });
  source.onFrames((bytes, arrival) => {
    blocks.push(bytes);
    arrivals.push(arrival.wallMs);
  });
  source.onEvent((event) => {
    events.push(event);
    if (event.kind === 'ended') ended.resolve();
  });
  const input = await source.open();
  await ended.promise;
  await source.close();
  return { input, bytes: Buffer.concat(blocks), arrivals, events, problems };
}

describe('file source', () => {
  it('delivers the very samples of a file, in real time, and says ended', async () => {
    writeWav(join(folder, 'a.wav'), { frames: 4000, channels: 2 });
    const began = Date.now();
    const { input, bytes, arrivals, events } = await play(join(folder, 'a.wav'));
    expect(input).toMatchObject({ sampleRate: 8000, channels: 2, sampleFormat: 's16' });
    expect(bytes.length).toBe(4000 * 4);
    expect(bytes.readInt16LE(2 * 5000)).toBe(5000 - 32_768);
    expect(Date.now() - began).toBeGreaterThan(450);
    expect(arrivals.at(-1)).toBeCloseTo(began + 500, -2);
    expect(events).toEqual([{ kind: 'ended' }]);
  });

  it('plays the files of a folder in the order of their numbers and tells a change of format', async () => {
    mkdirSync(join(folder, 'album'));
    writeWav(join(folder, 'album', '10.wav'), { frames: 400, first: 1000, rate: 16_000 });
    writeWav(join(folder, 'album', '2.wav'), { frames: 400 });
    const { bytes, events, problems } = await play(join(folder, 'album'));
    expect(problems).toEqual([]);
    expect(bytes.readInt16LE(0)).toBe(-32_768);
    expect(bytes.readInt16LE(800)).toBe(1000 - 32_768);
    expect(events).toMatchObject([{ kind: 'format', input: { sampleRate: 16_000 } }, { kind: 'ended' }]);
  });

  it('leaves out a broken file and plays the others', async () => {
    writeFileSync(join(folder, '1.wav'), 'no sound');
    writeFileSync(join(folder, '2.wav'), '');
    writeWav(join(folder, '3.wav'), { frames: 80 });
    const { bytes, problems } = await play(folder);
    expect(bytes.length).toBe(160);
    expect(problems).toHaveLength(2);
  });

  it('goes on where a live input would be when it was interrupted', async () => {
    writeWav(join(folder, 'a.wav'), { frames: 8000 * 8 });
    const { bytes } = await play(join(folder, 'a.wav'), { startedMs: Date.now() - 7800 });
    expect(bytes.length / 2).toBeLessThan(8000 * 6);
    expect(bytes.readInt16LE(bytes.length - 2)).toBe(((8000 * 8 - 1) % 65_536) - 32_768);
  });

  /** A source that has found nothing to play, and what it says then. */
  async function refused(path: string) {
    const events: CaptureEvent[] = [];
    const problems: string[] = [];
    let frames = 0;
    let startedMs = 0;
    const source = createFileSource({
      path,
      startedMs: () => {
        startedMs = Date.now();
        return startedMs;
      },
      now: Date.now,
      onProblem: (message) => problems.push(message),
    });
    source.onFrames((bytes) => {
      frames += bytes.length / 2;
    });
    source.onEvent((event) => events.push(event));
    const error: unknown = await source.open().catch((reason: unknown) => reason);
    const { message, code } = error as CaptureError;
    return { source, message, code, events, problems, frames: () => frames, startedMs: () => startedMs };
  }

  it('says in one sentence what is wrong and what to do', async () => {
    const at = (name: string) => join(folder, name);
    mkdirSync(at('empty'));
    writeFileSync(at('text.wav'), 'no sound');
    writeFileSync(at('nothing.wav'), '');
    const [notFound, unusable] = ['input_not_found', 'input_unusable'];
    const sentences = [
      [
        'absent.wav',
        notFound,
        `There is no file or folder ${at('absent.wav')}: check the path; it is played as soon as it is there.`,
      ],
      [
        'text.wav/a.wav',
        notFound,
        `There is no file or folder ${at('text.wav/a.wav')}: check the path; it is played as soon as it is there.`,
      ],
      ['empty', unusable, `There is no sound file in the folder ${at('empty')}: put one there.`],
      [
        'nothing.wav',
        unusable,
        `${at('nothing.wav')} cannot be played: the sound file is empty; choose another one.`,
      ],
      [
        'text.wav',
        unusable,
        `${at('text.wav')} cannot be played: this kind of sound file can only be read when ffmpeg is installed; choose another one.`,
      ],
    ];
    for (const [name, ...said] of sentences) {
      const { source, code, message } = await refused(at(name));
      expect([code, message]).toEqual(said);
      await source.close();
    }
  });

  it('plays a file from its beginning once it has come, and begins to count then', async () => {
    const path = join(folder, 'later', 'a.wav');
    const { source, events, frames, startedMs } = await refused(path);
    await pause(500);
    expect(startedMs()).toBe(0);
    mkdirSync(join(folder, 'later'));
    writeWav(path, { frames: 4000 });
    await expect.poll(() => events.at(-1)?.kind, { timeout: 8000 }).toBe('ended');
    expect(events.filter(({ kind }) => kind !== 'absent')).toMatchObject([
      { kind: 'back', input: { name: `file:${path}`, sampleRate: 8000 } },
      { kind: 'ended' },
    ]);
    expect(frames()).toBe(4000);
    await source.close();
  });

  it('waits on for a file that came and is none, says so, and looks again only when it changes', async () => {
    const path = join(folder, 'a.wav');
    const { source, events, problems } = await refused(path);
    writeFileSync(path, 'no sound');
    const last = () => events.at(-1);
    await expect
      .poll(last, { timeout: 8000 })
      .toMatchObject({ kind: 'absent', error: { message: expect.stringContaining('ffmpeg') } });
    await pause(2500);
    expect(problems).toHaveLength(1);
    writeWav(path, { frames: 400 });
    await expect.poll(() => last()?.kind, { timeout: 8000 }).toBe('ended');
    await source.close();
  });

  it('stops at once when it is closed', async () => {
    writeWav(join(folder, 'a.wav'), { frames: 80_000 });
    const source = createFileSource({
      path: join(folder, 'a.wav'),
      startedMs: Date.now,
      now: Date.now,
      onProblem: () => undefined,
    });
    await source.open();
    const began = performance.now();
    await source.close();
    expect(performance.now() - began).toBeLessThan(300);
  });
});
