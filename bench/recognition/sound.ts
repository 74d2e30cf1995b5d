import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createResampler, mixToMono, openAudioFile } from '@pidentify/audio';
import { FINGERPRINT_SAMPLE_RATE } from '@pidentify/fingerprint';

/** Hands the sound of a file on as the recorder would: mono at the fingerprint's rate. */
export async function decode(path: string, push: (pcm: Float32Array) => void): Promise<void> {
  const file = await openAudioFile(path);
  try {
    const resampler = createResampler({ from: file.sampleRate, to: FINGERPRINT_SAMPLE_RATE });
    let mono = new Float32Array(0);
    for await (const planar of file.blocks()) {
      if (mono.length < planar[0].length) mono = new Float32Array(planar[0].length);
      push(resampler.push(mixToMono(planar, mono)));
    }
    push(resampler.flush());
  } finally {
    await file.close();
  }
}

/** The sound of a file, kept beside it (as 16-bit samples) so that a second run need not decode. */
export async function readSound(path: string): Promise<Float32Array> {
  const kept = `${path}.s16`;
  if (!existsSync(kept)) {
    const blocks: Buffer[] = [];
    await decode(path, (pcm) => {
      const samples = Int16Array.from(pcm, (v) => Math.round(Math.max(-1, Math.min(1, v)) * 32_767));
      blocks.push(Buffer.from(samples.buffer));
    });
    writeFileSync(kept, Buffer.concat(blocks));
  }
  const bytes = new Uint8Array(readFileSync(kept));
  return Float32Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1), (v) => v / 32_767);
}
