/** Sound as it is stored: interleaved little-endian integers, 24-bit ones packed in three bytes. */
export type PcmFormat = {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: 16 | 24;
  readonly bytesPerSample: 2 | 3;
};

export function pcmFormat({
  sampleRate,
  channels,
  bitsPerSample,
}: Pick<PcmFormat, 'sampleRate' | 'channels' | 'bitsPerSample'>): PcmFormat {
  return { sampleRate, channels, bitsPerSample, bytesPerSample: bitsPerSample === 16 ? 2 : 3 };
}

/** Bytes of one sample of every channel. */
export const frameBytes = (format: PcmFormat): number => format.channels * format.bytesPerSample;

export const sameFormat = (a: PcmFormat, b: PcmFormat): boolean =>
  a.sampleRate === b.sampleRate && a.channels === b.channels && a.bitsPerSample === b.bitsPerSample;
