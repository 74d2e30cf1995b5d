import { frameBytes, type PcmFormat, pcmFormat } from './format.ts';
import { type SampleCodec, type SampleFormat, sampleCodecs } from './sample.ts';

/** Turns what a device delivers into stored PCM and into mono; allocates nothing while it runs. */
export type PcmConverter = {
  /** What `toStored` writes. */
  readonly stored: PcmFormat;
  /** Bytes of one frame of the device. */
  readonly inputFrameBytes: number;
  /** Frames so far that stored PCM cannot hold exactly; while it is 0, all is bit for bit. */
  readonly inexactFrames: number;
  /** Writes the whole frames of `input` to the front of `out`; answers their number. */
  toStored(input: Uint8Array, out: Uint8Array): number;
  /** Writes the mean of the channels of each whole frame, full scale 1; answers their number. */
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
  /** The device's bytes are the stored ones. */
  readonly #unchanged: boolean;

  constructor({ codec, stored, unchanged }: { codec: SampleCodec; stored: PcmFormat; unchanged: boolean }) {
    this.stored = stored;
    this.inputFrameBytes = codec.bytes * stored.channels;
    this.#codec = codec;
    this.#unchanged = unchanged;
  }

  toStored(input: Uint8Array, out: Uint8Array): number {
    const frames = Math.floor(input.length / this.inputFrameBytes);
    if (this.#unchanged) {
      out.set(frames * this.inputFrameBytes === input.length ? input : this.#whole(input, frames));
      return frames;
    }
    const width = this.stored.bytesPerSample;
    const samples = frames * this.stored.channels;
    for (let index = 0; index < samples; index += 1) {
      const value = this.#codec.read(input, index * this.#codec.bytes);
      const to = index * width;
      out[to] = value;
      out[to + 1] = value >> 8;
      if (width === 3) out[to + 2] = value >> 16;
    }
    if (this.#codec.isExact) this.#countInexact(input, frames);
    return frames;
  }

  toMono(input: Uint8Array, out: Float32Array): number {
    const { channels, bitsPerSample } = this.stored;
    const frames = Math.floor(input.length / this.inputFrameBytes);
    const scale = 1 / (channels * 2 ** (bitsPerSample - 1));
    for (let frame = 0; frame < frames; frame += 1) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel += 1) {
        sum += this.#codec.read(input, (frame * channels + channel) * this.#codec.bytes);
      }
      out[frame] = sum * scale;
    }
    return frames;
  }

  #whole(input: Uint8Array, frames: number): Uint8Array {
    return input.subarray(0, frames * frameBytes(this.stored));
  }

  #countInexact(input: Uint8Array, frames: number): void {
    const { channels } = this.stored;
    for (let frame = 0; frame < frames; frame += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        if (this.#codec.isExact?.(input, (frame * channels + channel) * this.#codec.bytes)) continue;
        this.inexactFrames += 1;
        break;
      }
    }
  }
}
