import { createResampler, createStoredReader, type FlacFile, openFlac } from '@pidentify/audio';
import { earSampleRate } from '../ear.ts';
import type { WholeTrack } from '../identify.ts';

/** Seconds [from, to) of a kept file as mono at the rate of a question, as far as there are so many. */
export async function clipOfFile(
  path: string,
  { from, to }: { from: number; to: number },
): Promise<Float32Array> {
  const file = await openFlac(path);
  try {
    const { sampleRate } = file.format;
    const resampler = createResampler({ from: sampleRate, to: earSampleRate });
    const blocks: Float32Array[] = [];
    for await (const mono of monoOf(file, { from: from * sampleRate, to: to * sampleRate }))
      blocks.push(resampler.push(mono));
    return joined([...blocks, resampler.flush()]);
  } finally {
    await file.close();
  }
}

/** Lets `use` have a kept file as a whole track. */
export async function withWholeTrack<T>(path: string, use: (track: WholeTrack) => Promise<T>): Promise<T> {
  const file = await openFlac(path);
  try {
    const { sampleRate } = file.format;
    const blocks = monoOf(file, { from: 0, to: file.frames });
    return await use({ blocks, sampleRate, durationSeconds: file.frames / sampleRate });
  } finally {
    await file.close();
  }
}

async function* monoOf(
  file: FlacFile,
  { from, to }: { from: number; to: number },
): AsyncGenerator<Float32Array, void> {
  const reader = createStoredReader(file.format);
  const range = { fromFrame: Math.floor(from), toFrame: Math.min(file.frames, Math.floor(to)) };
  for await (const bytes of file.read(range)) {
    const mono = new Float32Array(bytes.length / reader.inputFrameBytes);
    reader.toMono(bytes, mono);
    yield mono;
  }
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
