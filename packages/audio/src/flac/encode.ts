import type { FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { frameBytes, type PcmFormat } from '../pcm/format.ts';
import { SampleScratch, storedCodec } from '../pcm/sample.ts';
import type { Picture } from '../picture/picture.ts';
import { createFlacEncoder, type EncodedFrame, type FlacEncoder } from './encoder.ts';
import { type FlacTags, type FramePoint, formatHead, seekTableBytes } from './metadata.ts';
import { writeNewFile } from './new-file.ts';
import type { FlacStreamInfo } from './stream-info.ts';

export type EncodeFlacOptions = {
  path: string;
  format: PcmFormat;
  /** Interleaved PCM of `format`, cut anywhere. */
  frames: AsyncIterable<Uint8Array>;
  /** Write over an existing file; without it one makes the call fail with the code `EEXIST`. */
  replace?: boolean;
  tags?: FlacTags;
  picture?: Picture;
  /** Distance of seek points, 1 to 10 seconds; larger in sound of more than `MAX_SEEK_POINTS` of them. */
  seekEverySeconds?: number;
};

/** Encoded at a time: at most about 20 ms of work, because capture runs on the same thread. */
const CHUNK_SAMPLES = 32_768;
const PADDING_BYTES = 8 * 1024;
const MAX_SEEK_POINTS = 512;

/**
 * Writes sound as a FLAC file, bit for bit, with a seek table, tags and a picture; it appears whole or
 * not at all. Answers its number of frames. Throws `RangeError` for sound that FLAC cannot hold and
 * for none at all, Node's own errors (`ENOSPC`, `EEXIST`), and what `frames` throws.
 */
export async function encodeFlac({
  path,
  format,
  frames,
  replace = false,
  tags = {},
  picture,
  seekEverySeconds = 5,
}: EncodeFlacOptions): Promise<{ frames: number }> {
  const encoder = await createFlacEncoder(format);
  try {
    let total = 0;
    const write = async (file: FileHandle) => {
      const blank = { ...emptyInfo(format), points: [], tags, picture };
      const length = formatHead(blank, { padding: PADDING_BYTES }).length + seekTableBytes(MAX_SEEK_POINTS);
      const sound = new SoundWriter({ file, from: length });
      for await (const { samples, count } of integerChunks(frames, format)) {
        await sound.write(encoder.push(samples, count));
        await setImmediate();
      }
      const info = await finish(encoder, sound);
      total = info.totalSamples;
      const points = sound.points(Math.max(1, seekEverySeconds) * format.sampleRate);
      await file.write(formatHead({ info, points, tags, picture }, { length }), 0, length, 0);
    };
    await writeNewFile({ path, replace, write });
    return { frames: total };
  } finally {
    encoder.free();
  }
}

async function finish(encoder: FlacEncoder, sound: SoundWriter): Promise<FlacStreamInfo> {
  const { frames, info } = encoder.finish();
  await sound.write(frames);
  if (sound.samples === 0) throw new RangeError('There is no sound to write.');
  return { ...info, totalSamples: sound.samples };
}

const emptyInfo = ({ sampleRate, channels, bitsPerSample }: PcmFormat): { info: FlacStreamInfo } => ({
  info: {
    minBlock: 0,
    maxBlock: 0,
    minFrameBytes: 0,
    maxFrameBytes: 0,
    sampleRate,
    channels,
    bitsPerSample,
    totalSamples: 0,
    md5: new Uint8Array(16),
  },
});

/** Writes FLAC frames one behind the other and remembers where each begins. */
class SoundWriter {
  samples = 0;
  readonly #file: FileHandle;
  readonly #from: number;
  readonly #frames: FramePoint[] = [];
  #length = 0;

  constructor({ file, from }: { file: FileHandle; from: number }) {
    this.#file = file;
    this.#from = from;
  }

  async write(frames: EncodedFrame[]): Promise<void> {
    if (frames.length === 0) return;
    const position = this.#from + this.#length;
    for (const { bytes, samples } of frames) {
      this.#frames.push({ sample: this.samples, offset: this.#length, samples });
      this.samples += samples;
      this.#length += bytes.length;
    }
    const all = Buffer.concat(frames.map(({ bytes }) => bytes));
    for (let written = 0; written < all.length; ) {
      written += (await this.#file.write(all, written, all.length - written, position + written))
        .bytesWritten;
    }
  }

  /** The frames that hold every `distance`th sample. */
  points(distance: number): FramePoint[] {
    const step = Math.max(distance, this.samples / MAX_SEEK_POINTS);
    const points: FramePoint[] = [];
    for (const frame of this.#frames) {
      if (frame.sample + frame.samples > points.length * step) points.push(frame);
    }
    return points.slice(0, MAX_SEEK_POINTS);
  }
}

/** PCM bytes as integer samples in one array that is used again and again. */
async function* integerChunks(
  pieces: AsyncIterable<Uint8Array>,
  format: PcmFormat,
): AsyncGenerator<{ samples: Int32Array<ArrayBuffer>; count: number }, void> {
  const width = frameBytes(format);
  const limit = Math.floor(CHUNK_SAMPLES / format.channels) * width;
  const scratch = new SampleScratch();
  const { read } = storedCodec(format.bitsPerSample);
  let held: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    const bytes = held.length === 0 ? piece : Buffer.concat([held, piece]);
    const whole = bytes.length - (bytes.length % width);
    for (let at = 0; at < whole; at += limit) {
      const chunk = bytes.subarray(at, Math.min(at + limit, whole));
      const samples = scratch.take(chunk.length / format.bytesPerSample);
      read(chunk, samples, format.channels);
      yield { samples, count: chunk.length / width };
    }
    held = new Uint8Array(bytes.subarray(whole));
  }
}
