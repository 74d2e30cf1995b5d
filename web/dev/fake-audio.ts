const rate = 8000;

/** A chord that swells and fades, as a WAV file: browsers go by its bytes, not by the name .flac. */
export function fakeAudio({ seconds }: { seconds: number }): Buffer {
  const frames = seconds * rate;
  const file = Buffer.alloc(44 + frames * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + frames * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(frames * 2, 40);
  for (let frame = 0; frame < frames; frame += 1) {
    const at = frame / rate;
    const sound = Math.sin(at * 1382) + Math.sin(at * 1741) + Math.sin(at * 2073);
    file.writeInt16LE(Math.round(sound * 6000 * loudness(at / seconds)), 44 + frame * 2);
  }
  return file;
}

/** What the server would answer for the waveform: `parts` medians of |sample|. */
export function fakeChart({ parts }: { parts: number }): number[] {
  return Array.from({ length: parts }, (_, part) => {
    const grain = 0.55 + 0.45 * Math.abs(Math.sin(part * 12.9898) * Math.cos(part * 4.1414));
    return Number((loudness(part / parts) * grain * 0.4).toFixed(4));
  });
}

/** Loudness over the take (0 to 1): silence, the track with its phrases, silence. */
function loudness(at: number): number {
  if (at < 0.12 || at > 0.88) return 0.015;
  const edge = Math.min(1, (at - 0.12) * 40, (0.88 - at) * 14);
  return edge * (0.6 + 0.25 * Math.sin(at * 42) + 0.15 * Math.sin(at * 173));
}
