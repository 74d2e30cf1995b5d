import type { PcmFormat } from '../pcm/format.ts';
import { loadLibflac } from './libflac.ts';
import type { FlacStreamInfo } from './stream-info.ts';

/** Good compression at little cost; the reference encoder's own default. */
const COMPRESSION_LEVEL = 5;

/** One encoded frame. */
export type EncodedFrame = { bytes: Uint8Array; samples: number };

/** Encodes integer samples to FLAC frames, bit for bit. */
export type FlacEncoder = {
  /** Takes interleaved samples of `frames` frames; answers the FLAC frames that they complete. */
  push(samples: Int32Array<ArrayBuffer>, frames: number): EncodedFrame[];
  /** The last frames, and what the stream turned out to be. */
  finish(): { frames: EncodedFrame[]; info: FlacStreamInfo };
  /** Frees the encoder; called in any case. */
  free(): void;
};

/** Throws when libFLAC does not take the format (rates above 655 kHz, more than 8 channels). */
export async function createFlacEncoder(format: PcmFormat): Promise<FlacEncoder> {
  const flac = await loadLibflac();
  const { sampleRate, channels, bitsPerSample } = format;
  const id = flac.create_libflac_encoder(sampleRate, channels, bitsPerSample, COMPRESSION_LEVEL, 0, false, 0);
  let encoded: EncodedFrame[] = [];
  let info: FlacStreamInfo | null = null;
  const status = flac.init_encoder_stream(
    id,
    (bytes, _length, samples) => {
      // Without samples it is libFLAC's own header, in whose place ours is written.
      if (samples > 0) encoded.push({ bytes, samples });
    },
    (found) => {
      if (found) info = toStreamInfo(found);
    },
  );
  if (status !== 0) {
    flac.FLAC__stream_encoder_delete(id);
    throw new RangeError(`FLAC cannot hold sound of ${sampleRate} Hz and ${channels} channels.`);
  }
  const takeEncoded = () => {
    const taken = encoded;
    encoded = [];
    return taken;
  };
  return {
    push(samples, frames) {
      if (!flac.FLAC__stream_encoder_process_interleaved(id, samples, frames))
        throw new Error('libFLAC failed.');
      return takeEncoded();
    },
    finish() {
      if (!flac.FLAC__stream_encoder_finish(id) || !info) throw new Error('libFLAC failed at the end.');
      return { frames: takeEncoded(), info };
    },
    free: () => flac.FLAC__stream_encoder_delete(id),
  };
}

type FoundInfo = import('libflacjs').StreamMetadata;

function toStreamInfo(found: FoundInfo): FlacStreamInfo {
  return {
    minBlock: found.min_blocksize,
    maxBlock: found.max_blocksize,
    minFrameBytes: found.min_framesize,
    maxFrameBytes: found.max_framesize,
    sampleRate: found.sampleRate,
    channels: found.channels,
    bitsPerSample: found.bitsPerSample,
    totalSamples: found.total_samples,
    md5: Uint8Array.from(Buffer.from(found.md5sum, 'hex')),
  };
}
