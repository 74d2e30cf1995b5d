import type { PcmFormat } from '../pcm/format.ts';
import { SampleScratch, storedCodec } from '../pcm/sample.ts';

/** Loudness over all channels, full scale 1. */
export type SoundLevel = { rms: number; peak: number };

/** Measures stored PCM piece by piece; its memory is used again and again. */
export type LevelMeter = {
  /** Adds whole frames of stored PCM. */
  push(bytes: Uint8Array): void;
  /** The level of all that was added since the last `take`; silence when nothing was. */
  take(): SoundLevel;
};

export function createLevelMeter({ bitsPerSample, bytesPerSample, channels }: PcmFormat): LevelMeter {
  const { read } = storedCodec(bitsPerSample);
  const scratch = new SampleScratch();
  const full = 2 ** (bitsPerSample - 1);
  let squares = 0;
  let peak = 0;
  let count = 0;
  return {
    push(bytes) {
      const samples = scratch.take(Math.floor(bytes.length / bytesPerSample));
      read(bytes, samples, channels);
      for (let index = 0; index < samples.length; index += 1) {
        const value = Math.abs(samples[index]);
        squares += value * value;
        if (value > peak) peak = value;
      }
      count += samples.length;
    },
    take() {
      const level = { rms: count === 0 ? 0 : Math.sqrt(squares / count) / full, peak: peak / full };
      squares = 0;
      peak = 0;
      count = 0;
      return level;
    },
  };
}

/** A level of full scale 1 in dBFS; silence is minus infinity. */
export const decibels = (level: number): number => 20 * Math.log10(level);
