import { readFlacFrames } from '../flac/frames.ts';
import { readFlacLayout } from '../flac/layout.ts';
import type { ByteFile } from './bytes.ts';
import { cutBlocks, type SoundStream } from './stream.ts';

/** A FLAC file of up to 24 bit, whose marker is at `from`. Throws `AudioFileError`. */
export async function openFlacSound({ file, from }: { file: ByteFile; from: number }): Promise<SoundStream> {
  const { info, firstFrame } = await readFlacLayout({ file, from });
  const scale = 2 ** (1 - info.bitsPerSample);
  return {
    sampleRate: info.sampleRate,
    channels: info.channels,
    bitsPerSample: info.bitsPerSample,
    durationSeconds: info.totalSamples > 0 ? info.totalSamples / info.sampleRate : undefined,
    async *decode() {
      const chunks = file.chunks({ from: firstFrame });
      for await (const frame of readFlacFrames({ chunks, info })) {
        const planar = frame.channels.map((samples) => scaled(samples, scale));
        yield* cutBlocks(planar, info.sampleRate);
      }
    },
  };
}

function scaled(samples: Int32Array, scale: number): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) floats[index] = samples[index] * scale;
  return floats;
}
