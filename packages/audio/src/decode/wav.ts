import type { ByteStream } from './bytes.ts';
import { AudioFileError } from './error.ts';
import type { SoundStream } from './stream.ts';

const FORMAT_INTEGER = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
/** Sizes that mean "not known": a stream, or an RF64 file whose true size is in `ds64`. */
const UNKNOWN_SIZE = 0xffffffff;

type WavLayout = {
  sampleRate: number;
  channels: number;
  bytesPerSample: number;
  float: boolean;
  bitsPerSample: number;
};

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Reads a `fmt ` chunk. Throws `AudioFileError` for a coding that is not plain PCM. */
function parseWavLayout(chunk: Uint8Array): WavLayout {
  if (chunk.length < 16) throw new AudioFileError('The WAV file has a broken header.');
  const view = viewOf(chunk);
  const tag = view.getUint16(0, true);
  const coding = tag === FORMAT_EXTENSIBLE && chunk.length >= 26 ? view.getUint16(24, true) : tag;
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bytesPerSample = channels > 0 ? frameBytes / channels : 0;
  const float = coding === FORMAT_FLOAT;
  const depths = float ? [4, 8] : [1, 2, 3, 4];
  if (coding !== FORMAT_INTEGER && !float) {
    throw new AudioFileError(`The WAV file holds sound in coding ${coding}, which is not plain PCM.`);
  }
  if (!depths.includes(bytesPerSample) || channels > 64 || sampleRate < 1 || sampleRate > 1_536_000) {
    throw new AudioFileError('The WAV file has a broken header.');
  }
  return { sampleRate, channels, bytesPerSample, float, bitsPerSample: view.getUint16(14, true) };
}

/** One sample that is no number would spoil all that is made of its file. */
const audible = (sample: number): number => (Number.isFinite(Math.fround(sample)) ? sample : 0);

type Sample = (view: DataView, offset: number) => number;

function sampleReader({ float, bytesPerSample }: WavLayout): Sample {
  if (float) {
    return bytesPerSample === 4
      ? (view, offset) => audible(view.getFloat32(offset, true))
      : (view, offset) => audible(view.getFloat64(offset, true));
  }
  if (bytesPerSample === 1) return (view, offset) => (view.getUint8(offset) - 128) / 128;
  if (bytesPerSample === 2) return (view, offset) => view.getInt16(offset, true) / 32_768;
  if (bytesPerSample === 4) return (view, offset) => view.getInt32(offset, true) / 2_147_483_648;
  return (view, offset) => (view.getUint16(offset, true) + view.getInt8(offset + 2) * 65_536) / 8_388_608;
}

async function findData(bytes: ByteStream): Promise<{ layout: WavLayout; dataBytes: number }> {
  let layout: WavLayout | undefined;
  let longSize = UNKNOWN_SIZE;
  for (;;) {
    const header = await bytes.take(8);
    if (header.length < 8) throw new AudioFileError('The WAV file ends before its sound begins.');
    const name = String.fromCharCode(...header.subarray(0, 4));
    const size = viewOf(header).getUint32(4, true);
    if (name === 'data') {
      if (!layout) throw new AudioFileError('The WAV file does not say how its sound is stored.');
      return { layout, dataBytes: size === UNKNOWN_SIZE ? longSize : size };
    }
    const wanted = name === 'fmt ' || name === 'ds64' ? Math.min(size, 64) : 0;
    const chunk = await bytes.take(wanted);
    if (name === 'fmt ') layout = parseWavLayout(chunk);
    if (name === 'ds64' && chunk.length >= 16) longSize = Number(viewOf(chunk).getBigUint64(8, true));
    // Chunks are padded to an even length.
    await bytes.skip(size + (size % 2) - wanted);
  }
}

/**
 * A RIFF/RF64 WAVE stream: 8-bit unsigned, 16/24/32-bit integer, 32/64-bit float, little-endian.
 * A float sample that is no number is silence. A data size of 0 or 0xffffffff, as streaming writers leave it, means "until the end".
 * `size` is that of the whole file where it is known.
 */
export async function openWav({ bytes, size }: { bytes: ByteStream; size?: number }): Promise<SoundStream> {
  await bytes.skip(12);
  const { layout, dataBytes } = await findData(bytes);
  const endless = dataBytes === 0 || dataBytes >= UNKNOWN_SIZE;
  const left = size === undefined ? Number.POSITIVE_INFINITY : size - bytes.position;
  const limit = endless ? left : Math.min(dataBytes, left);
  const seconds = limit / (layout.bytesPerSample * layout.channels) / layout.sampleRate;
  return {
    sampleRate: layout.sampleRate,
    channels: layout.channels,
    bitsPerSample: layout.float ? null : layout.bitsPerSample,
    durationSeconds: Number.isFinite(seconds) ? seconds : undefined,
    decode: () => decodeWav({ bytes, layout, limit }),
    close: () => bytes.close(),
  };
}

async function* decodeWav({
  bytes,
  layout,
  limit,
}: {
  bytes: ByteStream;
  layout: WavLayout;
  limit: number;
}): AsyncGenerator<Float32Array[], void> {
  const frameBytes = layout.bytesPerSample * layout.channels;
  const blockBytes = Math.max(1, Math.min(16_384, layout.sampleRate)) * frameBytes;
  const read = sampleReader(layout);
  for (let left = limit; left > 0; ) {
    const block = await bytes.take(Math.min(left, blockBytes));
    left -= block.length;
    const frames = Math.floor(block.length / frameBytes);
    if (frames > 0) yield toPlanar({ block, frames, layout, read });
    if (block.length < blockBytes) return;
  }
}

function toPlanar({
  block,
  frames,
  layout: { channels, bytesPerSample },
  read,
}: {
  block: Uint8Array;
  frames: number;
  layout: WavLayout;
  read: Sample;
}): Float32Array[] {
  const view = viewOf(block);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    let offset = channel * bytesPerSample;
    for (let frame = 0; frame < frames; frame += 1) {
      samples[frame] = read(view, offset);
      offset += channels * bytesPerSample;
    }
    return samples;
  });
}
