/** Entry of the reading process: one file at a time over IPC; it ends with its parent. */
import { setPriority } from 'node:os';
import { createResampler, mixToMono, openAudioFile, readTags } from '@pidentify/audio';
import { createTrackFingerprinter, FINGERPRINT_SAMPLE_RATE } from '@pidentify/fingerprint';
import { decodeWithFfmpeg } from '@pidentify/platform';
import { type ReadAnswer, readQuestionSchema } from './reader.ts';

/** Shorter sound cannot be told from other sound. */
const shortestSeconds = 3;
const longestSeconds = 6 * 3600;
const progressEverySeconds = 60;

function answer(message: ReadAnswer): void {
  process.send?.(message);
}

async function read(path: string): Promise<ReadAnswer> {
  const file = await openAudioFile(path, { decodeExternally: decodeWithFfmpeg });
  try {
    const { sampleRate } = file;
    const resampler = createResampler({ from: sampleRate, to: FINGERPRINT_SAMPLE_RATE });
    const fingerprinter = createTrackFingerprinter();
    let frames = 0;
    let told = 0;
    for await (const block of file.blocks()) {
      frames += block[0].length;
      fingerprinter.push(resampler.push(mixToMono(block, new Float32Array(block[0].length))));
      if (frames / sampleRate > longestSeconds) break;
      if (frames / sampleRate - told > progressEverySeconds) {
        told = frames / sampleRate;
        answer({ read: 'progress' });
      }
    }
    fingerprinter.push(resampler.flush());
    const seconds = frames / sampleRate;
    if (seconds < shortestSeconds)
      return { read: 'failed', message: 'The sound is too short to be recognised.' };
    const { title, artist, album, trackNo, label, released } = await readTags(path);
    return {
      read: 'track',
      fingerprint: fingerprinter.finish().bytes,
      seconds,
      tags: { title, artist, album, trackNo, label, released },
    };
  } finally {
    await file.close();
  }
}

setPriority(19);
process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  const { path } = readQuestionSchema.parse(message);
  try {
    answer(await read(path));
  } catch (error) {
    answer({ read: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
