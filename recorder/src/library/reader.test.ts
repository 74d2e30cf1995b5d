import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcmFormat } from '@pidentify/audio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { melody, writeMelody } from '../testing/melody.ts';
import { createReader, type PcmSound, type Reader } from './reader.ts';

const format = pcmFormat({ sampleRate: 22_050, channels: 1, bitsPerSample: 16 });
let folder: string;
let reader: Reader;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-reader-'));
  reader = createReader();
});
afterEach(() => {
  reader.close();
  rmSync(folder, { recursive: true });
});

/** In pieces, as the rolling buffer gives it. `breaksAt`: the byte at which it cannot be read any more. */
async function* pieces(bytes: Uint8Array, breaksAt = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < bytes.length; at += 65_536) {
    if (at >= breaksAt) throw new Error('the disk is gone');
    yield bytes.subarray(at, at + 65_536);
  }
}

function sound(seed: number, seconds: number, breaksAt?: number): PcmSound {
  const pcm = Int16Array.from(melody(seed, seconds), (sample) => Math.round(32_767 * sample));
  return { format, frames: pieces(new Uint8Array(pcm.buffer), breaksAt) };
}

describe('the reading process', () => {
  it('reads sounds asked for at once one after the other', async () => {
    const alone = [await reader.readSound(sound(1, 30)), await reader.readSound(sound(2, 20))];
    expect(alone).toMatchObject([
      { read: 'sound', seconds: 30 },
      { read: 'sound', seconds: 20 },
    ]);
    const atOnce = await Promise.all([reader.readSound(sound(1, 30)), reader.readSound(sound(2, 20))]);
    expect(atOnce).toEqual(alone);
  });

  it('goes on after a sound that breaks off, or that it cannot read', async () => {
    const alone = await reader.readSound(sound(2, 20));
    const unreadable = { ...sound(3, 30), format: { ...format, sampleRate: Number.NaN } };
    const [broken, refused, file, after] = await Promise.all([
      reader.readSound(sound(1, 30, 500_000)),
      reader.readSound(unreadable),
      reader.read('/no/such/file.flac'),
      reader.readSound(sound(2, 20)),
    ]);
    expect(broken).toMatchObject({ read: 'failed', message: expect.stringContaining('the disk is gone') });
    expect(refused).toMatchObject({ read: 'failed' });
    expect(file).toMatchObject({ read: 'failed' });
    expect(after).toEqual(alone);
  });

  it('reads what a file says of itself, with all its numbers', async () => {
    const path = join(folder, '2-03 Song.wav');
    await writeMelody(path, melody(1, 5));
    const tags = { title: 'Song', discNo: 2, trackNo: 3 };
    expect(await reader.read(path)).toMatchObject({ read: 'track', tags });
    // Tags that cannot be read are none: the name is left, and there need be no sound.
    const onRecord = join(folder, 'B2 Song.flac');
    writeFileSync(onRecord, 'no sound');
    expect(await reader.readTags(onRecord)).toEqual({
      read: 'tags',
      tags: { title: 'Song', side: 'B', trackNo: 2 },
    });
    expect(await reader.readTags('/no/such/file.flac')).toMatchObject({ read: 'failed' });
    // What the system does not let it read is no broken tag: the name is no answer then.
    const unreadable = join(folder, 'B3 Song.flac');
    mkdirSync(unreadable);
    expect(await reader.readTags(unreadable)).toMatchObject({ read: 'failed' });
  });

  it('answers all that waits when it is closed', async () => {
    const waiting = [reader.readSound(sound(1, 30)), reader.readSound(sound(2, 20))];
    reader.close();
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ read: 'failed' });
  });
});
