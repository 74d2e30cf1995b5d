import { type PcmFormat, pcmFormat } from './format.ts';
import { createDownmix, type Downmix } from './mono.ts';
import { type SampleCodec, type SampleFormat, SampleScratch, sampleCodecs } from './sample.ts';

/** Turns what a device delivers into stored PCM and into mono; its memory is used again and again. */
export type PcmConverter = {
  /** What `toStored` writes. */
  readonly stored: PcmFormat;
  /** Bytes of one frame of the device. */
  readonly inputFrameBytes: number;
  /** Frames so far that stored PCM cannot hold exactly; while it is 0, all is bit for bit. */
  readonly inexactFrames: number;
  /** Writes the whole frames of `input` to the front of `out`; answers their number. */
  toStored(input: Uint8Array, out: Uint8Array): number;
  /** Writes one channel made of all (see `createDownmix`) for each whole frame, full scale 1; answers their number. */
  toMono(input: Uint8Array, out: Float32Array): number;
};

export function createPcmConverter({
  from,
  sampleRate,
  channels,
}: {
  from: SampleFormat;
  sampleRate: number;
  channels: number;
}): PcmConverter {
  const codec = sampleCodecs[from];
  const stored = pcmFormat({ sampleRate, channels, bitsPerSample: codec.bitsPerSample });
  return new Converter({ codec, stored, unchanged: from === 's16le' || from === 's24le' });
}

/** Reads stored PCM back as mono. */
export const createStoredReader = ({ bitsPerSample, sampleRate, channels }: PcmFormat): PcmConverter =>
  createPcmConverter({ from: bitsPerSample === 16 ? 's16le' : 's24le', sampleRate, channels });

class Converter implements PcmConverter {
  readonly stored: PcmFormat;
  readonly inputFrameBytes: number;
  inexactFrames = 0;
  readonly #codec: SampleCodec;
  readonly #scratch = new SampleScratch();
  readonly #downmix: Downmix;
  /** The device's bytes are the stored ones. */
  readonly #unchanged: boolean;

  constructor({ codec, stored, unchanged }: { codec: SampleCodec; stored: PcmFormat; unchanged: boolean }) {
    this.stored = stored;
    this.inputFrameBytes = codec.bytes * stored.channels;
    this.#codec = codec;
    this.#downmix = createDownmix(stored);
    this.#unchanged = unchanged;
  }

  toStored(input: Uint8Array, out: Uint8Array): number {
    const frames = Math.floor(input.length / this.inputFrameBytes);
    if (this.#unchanged) {
      out.set(input.subarray(0, frames * this.inputFrameBytes));
      return frames;
    }
    const samples = this.#scratch.take(frames * this.stored.channels);
    this.inexactFrames += this.#codec.read(input, samples, this.stored.channels);
    if (this.stored.bytesPerSample === 2) write16(samples, out);
    else write24(samples, out);
    return frames;
  }

  toMono(input: Uint8Array, out: Float32Array): number {
    const { channels, bitsPerSample } = this.stored;
    const frames = Math.floor(input.length / this.inputFrameBytes);
    const samples = this.#scratch.take(frames * channels);
    this.#codec.read(input, samples, channels);
    if (channels === 2) {
      this.#downmix.mixPairs(samples, 2 ** (bitsPerSample - 1), out);
      return frames;
    }
    const scale = 1 / (channels * 2 ** (bitsPerSample - 1));
    for (let frame = 0, at = 0; frame < frames; frame += 1) {
      let sum = 0;
      for (const end = at + channels; at < end; at += 1) sum += samples[at];
      out[frame] = sum * scale;
    }
    return frames;
  }
}

function write16(samples: Int32Array, out: Uint8Array): void {
  for (let index = 0, at = 0; index < samples.length; index += 1, at += 2) {
    out[at] = samples[index];
    out[at + 1] = samples[index] >> 8;
  }
}

function write24(samples: Int32Array, out: Uint8Array): void {
  for (let index = 0, at = 0; index < samples.length; index += 1, at += 3) {
    out[at] = samples[index];
    out[at + 1] = samples[index] >> 8;
    out[at + 2] = samples[index] >> 16;
  }
}
