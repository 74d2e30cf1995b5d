import type { InputHealth } from '@pidentify/contracts';

/** Size of the buffer as plain samples; null while the input's format is not known. */
export function bufferBytes({
  seconds,
  input,
}: {
  seconds: number;
  input: Pick<InputHealth, 'sampleRate' | 'channels' | 'bitsPerSample'> | undefined;
}): number | null {
  if (!input?.sampleRate || !input.channels) return null;
  return (seconds * input.sampleRate * input.channels * (input.bitsPerSample ?? 16)) / 8;
}
