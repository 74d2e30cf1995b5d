import { writeFileSync } from 'node:fs';

export const MELODY_RATE = 22_050;

/**
 * A melody that differs for each seed, mono at MELODY_RATE: two decaying tones every fifth of a second or so.
 * `speed`: as if a deck ran so much too fast.
 */
export function melody(seed: number, seconds: number, speed = 1): Float32Array {
  const pcm = new Float32Array(Math.round((seconds / speed) * MELODY_RATE));
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let start = 0; start < seconds - 1; start += 0.1 + 0.15 * random()) {
    const hz = 200 * 2 ** (4 * random()) * speed;
    const from = Math.floor((start / speed) * MELODY_RATE);
    for (let i = 0; i < MELODY_RATE / 2 && from + i < pcm.length; i += 1) {
      pcm[from + i] += 0.2 * Math.exp((-8 * i) / MELODY_RATE) * Math.sin((6.283 * hz * i) / MELODY_RATE);
    }
  }
  return pcm;
}

/** 16-bit mono at MELODY_RATE. */
export function writeMelody(path: string, pcm: Float32Array): void {
  const bytes = Buffer.alloc(44 + 2 * pcm.length);
  bytes.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  bytes.writeUInt32LE(36 + 2 * pcm.length, 4);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(MELODY_RATE, 24);
  bytes.writeUInt32LE(2 * MELODY_RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * pcm.length, 40);
  pcm.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 44 + 2 * i);
  });
  writeFileSync(path, bytes);
}
