import type { PcmFormat } from '../pcm/format.ts';
import { sampleCodecs } from '../pcm/sample.ts';

/** Loudness over all channels, full scale 1. */
export type SoundLevel = { rms: number; peak: number };

/** Measures stored PCM piece by piece; allocates nothing while it runs. */
export type LevelMeter = {
  /** Adds whole frames of stored PCM. */
  push(bytes: Uint8Array): void;
  /** The level of all that was added since the last `take`; silence when nothing was. */
  take(): SoundLevel;
};

export function createLevelMeter({ bitsPerSample, bytesPerSample }: PcmFormat): LevelMeter {
  const { read } = bitsPerSample === 16 ? sampleCodecs.s16le : sampleCodecs.s24le;
  const full = 2 ** (bitsPerSample - 1);
  let squares = 0;
  let peak = 0;
  let count = 0;
  return {
    push(bytes) {
      for (let at = 0; at + bytesPerSample <= bytes.length; at += bytesPerSample) {
        const value = Math.abs(read(bytes, at));
        squares += value * value;
        if (value > peak) peak = value;
        count += 1;
      }
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
