const headBytes = 44;

/**
 * Mono sound (full scale 1) as a WAV file of 16 bits. Services take less than what records hold: ACRCloud advises 8 kHz
 * mono, AudD takes any; the 11.025 kHz of the ear lie above both, and twelve seconds are 260 kB.
 */
export function encodeWav(pcm: Float32Array, sampleRate: number): Buffer {
  const file = Buffer.alloc(headBytes + pcm.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(pcm.length * 2, 40);
  for (let i = 0; i < pcm.length; i += 1) {
    const value = Math.max(-1, Math.min(1, pcm[i]));
    file.writeInt16LE(Math.round(value * 32_767), headBytes + i * 2);
  }
  return file;
}
