/** What is known of a sound before it is decoded. */
export type SoundFacts = {
  sampleRate: number;
  channels: number;
  /** Depth of the source's integer samples; null when it is lossy or holds floating point. */
  bitsPerSample: number | null;
  /** As the file says; a truncated file may hold less. */
  durationSeconds?: number;
};

/** One sound being decoded, front to back, once. Ending the generator early frees the decoder. */
export type SoundStream = SoundFacts & {
  decode(): AsyncGenerator<Float32Array[], void>;
  /** Frees what is held before and besides `decode`. */
  close?(): Promise<void>;
};

/** Cuts planar sound into blocks of at most `frames` frames, without copying. */
export function* cutBlocks(planar: Float32Array[], frames: number): Generator<Float32Array[], void> {
  const length = planar[0]?.length ?? 0;
  for (let start = 0; start < length; start += frames) {
    yield planar.map((channel) => channel.subarray(start, start + frames));
  }
}
