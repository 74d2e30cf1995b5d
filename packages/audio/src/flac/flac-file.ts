import { ByteFile } from '../decode/bytes.ts';
import { AudioFileError, toAudioFileError } from '../decode/error.ts';
import { frameBytes, type PcmFormat, pcmFormat } from '../pcm/format.ts';
import { type FlacFrame, readFlacFrames } from './frames.ts';
import { type FlacLayout, readFlacLayout } from './layout.ts';

/** A FLAC file of 16 or 24 bit whose samples are read back exactly. */
export type FlacFile = {
  format: PcmFormat;
  /** Frames that the file says it holds. */
  frames: number;
  /**
   * The PCM of a stretch, `fromFrame` up to but without `toFrame`, in pieces of whole frames. Throws
   * `AudioFileError` when the file does not hold all of it.
   */
  read(range: { fromFrame: number; toFrame: number }): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
};

/** Throws `AudioFileError` when it is not such a file. */
export async function openFlac(path: string): Promise<FlacFile> {
  const file = await ByteFile.open(path).catch((error: unknown) => {
    throw toAudioFileError(error);
  });
  try {
    const marker = await file.read({ offset: 0, length: 4 });
    if (Buffer.from(marker).toString('latin1') !== 'fLaC')
      throw new AudioFileError('This is not a FLAC file.');
    const layout = await readFlacLayout({ file, from: 0 });
    const { sampleRate, channels, bitsPerSample, totalSamples } = layout.info;
    if (bitsPerSample !== 16 && bitsPerSample !== 24) {
      throw new AudioFileError(`FLAC of ${bitsPerSample} bit cannot be cut.`);
    }
    const format = pcmFormat({ sampleRate, channels, bitsPerSample });
    return {
      format,
      frames: totalSamples,
      read: (range) => readStretch({ file, layout, format, ...range }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw toAudioFileError(error);
  }
}

type Stretch = { file: ByteFile; layout: FlacLayout; format: PcmFormat; fromFrame: number; toFrame: number };

async function* readStretch({
  file,
  layout,
  format,
  fromFrame,
  toFrame,
}: Stretch): AsyncGenerator<Uint8Array, void> {
  const { info, seekPoints, firstFrame } = layout;
  const start = seekPoints.findLast((point) => point.sample <= fromFrame);
  const chunks = file.chunks({ from: firstFrame + (start?.offset ?? 0) });
  let next = fromFrame;
  if (next >= toFrame) return;
  for await (const frame of readFlacFrames({ chunks, info })) {
    const end = frame.position + frame.channels[0].length;
    if (end <= next) continue;
    if (frame.position > next) break;
    const to = Math.min(end, toFrame);
    yield toPcm(frame, { format, fromFrame: next, toFrame: to });
    next = to;
    if (next === toFrame) return;
  }
  throw new AudioFileError('The FLAC file is damaged or cut off.');
}

function toPcm(
  { position, channels }: FlacFrame,
  { format, fromFrame, toFrame }: { format: PcmFormat; fromFrame: number; toFrame: number },
): Uint8Array {
  const { bytesPerSample } = format;
  const bytes = new Uint8Array((toFrame - fromFrame) * frameBytes(format));
  let at = 0;
  for (let frame = fromFrame - position; frame < toFrame - position; frame += 1) {
    for (const channel of channels) {
      const sample = channel[frame];
      bytes[at] = sample;
      bytes[at + 1] = sample >> 8;
      if (bytesPerSample === 3) bytes[at + 2] = sample >> 16;
      at += bytesPerSample;
    }
  }
  return bytes;
}
