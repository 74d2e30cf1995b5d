import type { ByteFile } from './bytes.ts';
import { AudioFileError } from './error.ts';
import { firstPacket, lastGranule, oggPages, serialOf } from './ogg.ts';
import { cutBlocks, type SoundStream } from './stream.ts';

/** Chunks stay small: a low bitrate turns 64 KB into many seconds of sound. */
const CHUNK_BYTES = 16 * 1024;

type OggHead = { channels: number; sampleRate: number; preSkip: number };
type Decoded = { channelData: Float32Array[]; samplesDecoded: number };
type OggDecoder = {
  ready: Promise<void>;
  decode(page: Uint8Array): Decoded | Promise<Decoded>;
  flush(): Promise<Decoded>;
  free(): void | Promise<void>;
};

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Identification header. Source: Vorbis I specification, 4.2.2. */
export function readVorbisHead(packet: Uint8Array): OggHead {
  const channels = packet.length >= 30 ? packet[11] : 0;
  const sampleRate = channels > 0 ? viewOf(packet).getUint32(12, true) : 0;
  if (sampleRate < 1 || sampleRate > 1_536_000) {
    throw new AudioFileError('The Ogg Vorbis file has a broken header.');
  }
  return { channels, sampleRate, preSkip: 0 };
}

/** Identification header; Opus is always decoded at 48 kHz. Source: RFC 7845, section 5.1. */
export function readOpusHead(packet: Uint8Array): OggHead {
  const channels = packet.length >= 19 ? packet[9] : 0;
  if (channels === 0) throw new AudioFileError('The Opus file has a broken header.');
  return { channels, sampleRate: 48_000, preSkip: viewOf(packet).getUint16(10, true) };
}

const createVorbisDecoder = async (): Promise<OggDecoder> =>
  new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder();

const createOpusDecoder = async (): Promise<OggDecoder> =>
  new (await import('ogg-opus-decoder')).OggOpusDecoder();

/**
 * The first logical stream of an Ogg file. The decoders take Opus's pre-skip and the padding of the
 * last page off.
 */
export async function openOgg({
  file,
  from,
  format,
}: {
  file: ByteFile;
  from: number;
  format: 'vorbis' | 'opus';
}): Promise<SoundStream> {
  const page = await file.read({ offset: from, length: 512 });
  const head = format === 'opus' ? readOpusHead(firstPacket(page)) : readVorbisHead(firstPacket(page));
  const serial = serialOf(page);
  const granule = await lastGranule(file, serial);
  return {
    sampleRate: head.sampleRate,
    channels: head.channels,
    bitsPerSample: null,
    durationSeconds:
      granule === undefined ? undefined : Math.max(0, granule - head.preSkip) / head.sampleRate,
    async *decode() {
      const decoder = await (format === 'opus' ? createOpusDecoder() : createVorbisDecoder());
      const pages = oggPages({ chunks: file.chunks({ from, size: CHUNK_BYTES }), serial });
      for await (const sound of decodePages(decoder, pages)) yield* cutBlocks(sound, head.sampleRate);
    },
  };
}

async function* decodePages(
  decoder: OggDecoder,
  pages: AsyncIterable<Uint8Array>,
): AsyncGenerator<Float32Array[], void> {
  await decoder.ready;
  try {
    for await (const page of pages) {
      const { channelData, samplesDecoded } = await decoder.decode(page);
      if (samplesDecoded > 0) yield channelData;
    }
    const { channelData, samplesDecoded } = await decoder.flush();
    if (samplesDecoded > 0) yield channelData;
  } finally {
    await decoder.free();
  }
}
