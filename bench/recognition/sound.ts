import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAudioFile } from '@pidentify/audio';
import { FINGERPRINT_SAMPLE_RATE } from '@pidentify/fingerprint';
import { decodeMono } from '../../recorder/src/library/decode-mono.ts';

/** The sound of a clip as the recorder decodes it: mono at the fingerprint's rate. */
export async function readClip(path: string): Promise<Float32Array> {
  const file = await openAudioFile(path);
  try {
    const blocks: Float32Array[] = [];
    for await (const { pcm } of decodeMono(file)) blocks.push(pcm);
    return joined(blocks);
  } finally {
    await file.close();
  }
}

/**
 * The sound of a whole recording, the same but for another resampler: ffmpeg takes a quarter of the time,
 * and the result is kept (as 16-bit samples) for the next run. Nothing of what ffmpeg cannot read.
 */
export async function decodeOnce(path: string, cache: string): Promise<Float32Array> {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const kept = join(cache, 'decoded', `${name}.s16`);
  if (!existsSync(kept)) {
    await mkdir(join(cache, 'decoded'), { recursive: true });
    const as = ['-ac', '1', '-ar', String(FINGERPRINT_SAMPLE_RATE), '-f', 's16le'];
    const ffmpeg = promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-i', path, ...as, `${kept}.part`]);
    await ffmpeg.catch(async (error: Error) => {
      console.error(`left out, ffmpeg cannot read it: ${path}\n${error.message}`);
      await writeFile(`${kept}.part`, '');
    });
    await rename(`${kept}.part`, kept);
  }
  const bytes = new Uint8Array(await readFile(kept));
  return Float32Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1), (v) => v / 32_768);
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
