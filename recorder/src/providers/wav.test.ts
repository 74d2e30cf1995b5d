import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { encodeWav } from './wav.ts';

it('a clip as WAV is what ffmpeg reads back', () => {
  const pcm = Float32Array.from({ length: 11_025 }, (_, i) => 0.9 * Math.sin(i / 7));
  pcm[0] = 1.5;
  pcm[1] = -1.5;
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', '-', '-f', 'f32le', '-'], {
    input: encodeWav(pcm, 11_025),
  });
  const back = new Float32Array(new Uint8Array(raw).buffer);
  expect(back).toHaveLength(pcm.length);
  expect(back[0]).toBeCloseTo(1, 3);
  expect(back[1]).toBeCloseTo(-1, 3);
  expect(Math.max(...back.subarray(2).map((value, i) => Math.abs(value - pcm[i + 2])))).toBeLessThan(1e-4);
});
