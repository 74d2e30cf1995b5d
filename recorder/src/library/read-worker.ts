/** Entry of the reading process: one file at a time over IPC; it ends with its parent. */
import { setPriority } from 'node:os';
import { createResampler, createStoredReader, openAudioFile, pcmFormat, readTags } from '@pidentify/audio';
import { createTrackFingerprinter, FINGERPRINT_SAMPLE_RATE } from '@pidentify/fingerprint';
import { decodeWithFfmpeg } from '@pidentify/platform';
import { decodeMono } from './decode-mono.ts';
import { type ReadAnswer, type ReadQuestion, readQuestionSchema } from './reader.ts';

/** Shorter sound cannot be told from other sound. */
const shortestSeconds = 3;
const longestSeconds = 6 * 3600;
const progressEverySeconds = 60;

function answer(message: ReadAnswer): void {
  process.send?.(message);
}

async function tagsOf(path: string) {
  const { title, artist, album, side, trackNo, discNo, label, released } = await readTags(path);
  return { title, artist, album, side, trackNo, discNo, label, released };
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
    return {
      read: 'track',
      fingerprint: fingerprinter.finish().bytes,
      seconds,
      tags: await tagsOf(path),
    };
  } finally {
    await file.close();
  }
}

type SoundFormat = Extract<ReadQuestion, { ask: 'sound' }>['format'];

/** Takes stored PCM in pieces of whole frames. */
function listenTo(format: SoundFormat) {
  const reader = createStoredReader(pcmFormat(format));
  const resampler = createResampler({ from: format.sampleRate, to: FINGERPRINT_SAMPLE_RATE });
  const fingerprinter = createTrackFingerprinter();
  let mono = new Float32Array(0);
  let frames = 0;
  return {
    push(bytes: Uint8Array): void {
      const most = Math.floor(bytes.length / reader.inputFrameBytes);
      if (mono.length < most) mono = new Float32Array(most);
      const count = reader.toMono(bytes, mono);
      frames += count;
      fingerprinter.push(resampler.push(mono.subarray(0, count)));
    },
    finish(): ReadAnswer {
      fingerprinter.push(resampler.flush());
      const { bytes } = fingerprinter.finish();
      return { read: 'sound', fingerprint: bytes, seconds: frames / format.sampleRate };
    },
  };
}
let sound: ReturnType<typeof listenTo> | null = null;

async function act(question: ReadQuestion): Promise<void> {
  switch (question.ask) {
    case 'file':
      answer(await read(question.path));
      break;
    case 'tags':
      answer({ read: 'tags', tags: await tagsOf(question.path) });
      break;
    case 'sound':
      sound = listenTo(question.format);
      break;
    case 'piece':
      sound?.push(question.bytes);
      break;
    case 'end':
      if (sound) answer(sound.finish());
      sound = null;
      break;
  }
}

setPriority(19);
process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  try {
    await act(readQuestionSchema.parse(message));
  } catch (error) {
    answer({ read: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
