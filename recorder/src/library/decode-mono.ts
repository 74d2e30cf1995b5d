import { type AudioFile, createDownmix, createResampler } from '@pidentify/audio';
import { FINGERPRINT_SAMPLE_RATE } from '@pidentify/fingerprint';

/**
 * The sound of a file as mono at the fingerprint's rate, block by block, with the seconds of the file read so
 * far. A block is the receiver's to keep. Ending the iteration early leaves the rest unread.
 */
export async function* decodeMono(
  file: AudioFile,
): AsyncGenerator<{ pcm: Float32Array; seconds: number }, void> {
  const { sampleRate } = file;
  const resampler = createResampler({ from: sampleRate, to: FINGERPRINT_SAMPLE_RATE });
  const downmix = createDownmix({ sampleRate });
  let mono = new Float32Array(0);
  let frames = 0;
  for await (const planar of file.blocks()) {
    frames += planar[0].length;
    if (mono.length < planar[0].length) mono = new Float32Array(planar[0].length);
    yield { pcm: resampler.push(downmix.mix(planar, mono)), seconds: frames / sampleRate };
  }
  yield { pcm: resampler.flush(), seconds: frames / sampleRate };
}
