import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTrackFingerprinter, TrackFingerprint } from '@pidentify/fingerprint';
import { cpuSeconds } from './cpu.ts';
import { decodeOnce } from './sound.ts';
import type { Track } from './tracks.ts';

/** A fingerprint is only as old as the code that made it. */
const code = ['density', 'extract', 'fft', 'geometry', 'peak-picker', 'spectrogram', 'track-fingerprint']
  .map((name) => readFileSync(new URL(`../../packages/fingerprint/src/${name}.ts`, import.meta.url)))
  .reduce((hash, source) => hash.update(source), createHash('sha256'))
  .digest('hex');

export interface Fingerprinted {
  readonly track: Track;
  readonly fingerprint: TrackFingerprint;
  /** Processor time it took without decoding; null when it was taken from an earlier run. */
  readonly cpuSeconds: number | null;
}

/** The fingerprint of a track as the index takes it, kept for the next run. */
export async function fingerprintOnce(track: Track, cache: string): Promise<Fingerprinted> {
  const name = createHash('sha256').update(code).update(track.id).digest('hex').slice(0, 24);
  const kept = join(cache, 'fingerprints', name);
  if (existsSync(kept)) {
    const bytes = new Uint8Array(await readFile(kept));
    return { track, fingerprint: new TrackFingerprint(bytes), cpuSeconds: null };
  }
  const pcm = await decodeOnce(track.file, cache);
  const begun = cpuSeconds();
  const fingerprinter = createTrackFingerprinter();
  fingerprinter.push(pcm);
  const fingerprint = fingerprinter.finish();
  const spent = cpuSeconds() - begun;
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(`${kept}.part`, fingerprint.bytes);
  await rename(`${kept}.part`, kept);
  return { track, fingerprint, cpuSeconds: spent };
}
