/** Entry of the reading process: one file at a time over IPC; it ends with its parent. */
import { setPriority } from 'node:os';
import { openAudioFile, readTags } from '@pidentify/audio';
import { createTrackFingerprinter } from '@pidentify/fingerprint';
import { decodeWithFfmpeg } from '@pidentify/platform';
import { decodeMono } from './decode-mono.ts';
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
    const fingerprinter = createTrackFingerprinter();
    let seconds = 0;
    let told = 0;
    for await (const decoded of decodeMono(file)) {
      fingerprinter.push(decoded.pcm);
      seconds = decoded.seconds;
      if (seconds > longestSeconds) break;
      if (seconds - told > progressEverySeconds) {
        told = seconds;
        answer({ read: 'progress' });
      }
    }
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
