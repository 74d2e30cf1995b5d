import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRollingBuffer, pcmFormat } from '@pidentify/audio';
import { createHearing } from '../learn/hear.ts';
import { createLearnt } from '../learn/learnt.ts';
import { createLessons } from '../learn/lessons.ts';
import { createRefusals } from '../learn/refusals.ts';
import { createSounds } from '../learn/sounds.ts';
import { createCatalogue } from '../library/catalogue.ts';
import { createReader } from '../library/reader.ts';
import { createMatcher } from '../matcher.ts';
import { createNamedTracks } from '../named-tracks.ts';
import { openStore } from '../store.ts';
import { MELODY_RATE } from './melody.ts';

const format = pcmFormat({ sampleRate: MELODY_RATE, channels: 2, bitsPerSample: 16 });

/** Seconds [from, to) of a melody at the rate of the index. */
export function clipOf(pcm: Float32Array, from: number, to: number): Float32Array {
  const clip = new Float32Array(Math.floor((to - from) * 11_025));
  for (let i = 0; i < clip.length; i += 1) clip[i] = pcm[Math.round(from * MELODY_RATE) + 2 * i];
  return clip;
}

function stereo(pcm: Float32Array): Buffer {
  const bytes = Buffer.alloc(pcm.length * 4);
  pcm.forEach((sample, i) => {
    const value = Math.round(32_767 * Math.max(-1, Math.min(1, sample)));
    bytes.writeInt16LE(value, 4 * i);
    bytes.writeInt16LE(value, 4 * i + 2);
  });
  return bytes;
}

/** A recorder's database, index, reading process and rolling buffer, all real, without the capture. */
export async function startHeardRig(folder = mkdtempSync(join(tmpdir(), 'pidentify-heard-'))) {
  const { store } = openStore(folder, () => new Date());
  const matcher = createMatcher({
    onDeath: (error) => {
      throw error;
    },
  });
  await matcher.open(join(folder, 'index'));
  const buffer = await openRollingBuffer({
    directory: join(folder, 'buffer'),
    seconds: 3600,
    // All is played at once.
    queueBytes: 128 * 1024 * 1024,
  });
  const reader = createReader();
  return {
    folder,
    store,
    matcher,
    buffer,
    reader,
    catalogue: createCatalogue(store),
    named: createNamedTracks(store),
    sounds: createSounds(store),
    learnt: createLearnt(store),
    refusals: createRefusals(store),
    lessons: createLessons(store),
    hear: createHearing({ buffer, reader }),
    /** Puts sound into the rolling buffer as if it had been heard from `atMs` on. */
    play(pcm: Float32Array, atMs: number): void {
      const recording = buffer.startRun({ format, startedAt: atMs });
      const bytes = stereo(pcm);
      for (let at = 0; at < bytes.length; at += 65_536) recording.append(bytes.subarray(at, at + 65_536));
    },
    async close({ keep = false } = {}): Promise<void> {
      reader.close();
      await buffer.close();
      await matcher.close();
      store.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type HeardRig = Awaited<ReturnType<typeof startHeardRig>>;
