import type { ByteFile } from './bytes.ts';
import { AudioFileError } from './error.ts';
import { cutBlocks, type SoundStream } from './stream.ts';

export async function openFlacSound({ file, from }: { file: ByteFile; from: number }): Promise<SoundStream> {
  const head = await file.read({ offset: from, length: 42 });
  if (head.length < 42) throw new AudioFileError('The FLAC file has a broken header.');
  const sampleRate = (head[18] << 12) | (head[19] << 4) | (head[20] >> 4);
  const channels = ((head[20] >> 1) & 7) + 1;
  const bitsPerSample = (((head[20] & 1) << 4) | (head[21] >> 4)) + 1;
  const frames = (head[21] & 15) * 2 ** 32 + new DataView(head.buffer, head.byteOffset).getUint32(22);
  return {
    sampleRate,
    channels,
    bitsPerSample,
    durationSeconds: frames > 0 ? frames / sampleRate : undefined,
    async *decode() {
      const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
      const decoder = new FLACDecoder();
      await decoder.ready;
      try {
        for await (const chunk of file.chunks({ from })) {
          const { channelData, samplesDecoded } = await decoder.decode(chunk);
          if (samplesDecoded > 0) yield* cutBlocks(channelData, sampleRate);
        }
        const { channelData, samplesDecoded } = await decoder.flush();
        if (samplesDecoded > 0) yield* cutBlocks(channelData, sampleRate);
      } finally {
        decoder.free();
      }
    },
  };
}
