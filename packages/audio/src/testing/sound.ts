import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DecodeExternally } from '../decode/audio-file.ts';

const execute = promisify(execFile);

/** Runs a program of the golden checks; a missing program or a failure fails the test. */
export const run = async (program: string, ...parameters: string[]): Promise<string> => {
  const { stdout, stderr } = await execute(program, parameters, { maxBuffer: 64 * 1024 * 1024 });
  return stdout + stderr;
};

/** A fresh folder that is removed at the end of the `using` block. */
export async function temporaryFolder(): Promise<AsyncDisposable & { file(name: string): string }> {
  const path = await mkdtemp(join(tmpdir(), 'pidentify-audio-'));
  return {
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Integer samples of a chirp with noise, interleaved, the same at every call. */
export function testSamples({
  frames,
  channels = 2,
  bits = 16,
}: {
  frames: number;
  channels?: number;
  bits?: number;
}): Int32Array {
  const samples = new Int32Array(frames * channels);
  const full = 2 ** (bits - 1);
  let seed = 1;
  for (let frame = 0; frame < frames; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      const tone = 0.5 * Math.sin(frame * (0.01 + 0.007 * channel) * (1 + frame / 200_000));
      const noise = 0.02 * (seed / 0x40000000 - 1);
      samples[frame * channels + channel] = Math.floor((tone + noise) * full);
    }
  }
  return samples;
}

/** Interleaved little-endian bytes of integer samples, 16 or 24 bit. */
export function toBytes(samples: Int32Array, bits: number): Buffer {
  const width = bits / 8;
  const bytes = Buffer.alloc(samples.length * width);
  samples.forEach((sample, index) => {
    bytes.writeIntLE(sample, index * width, width);
  });
  return bytes;
}

/** Encodes integer samples with the real `flac`. */
export async function encodeWithFlac({
  path,
  samples,
  channels = 2,
  bits = 16,
  sampleRate = 44_100,
  options = [],
}: {
  path: string;
  samples: Int32Array;
  channels?: number;
  bits?: number;
  sampleRate?: number;
  options?: string[];
}): Promise<void> {
  await writeFile(`${path}.raw`, toBytes(samples, bits));
  const raw = ['--force-raw-format', '--endian=little', '--sign=signed'];
  const format = [`--channels=${channels}`, `--bps=${bits}`, `--sample-rate=${sampleRate}`];
  await run('flac', '-s', '-f', ...raw, ...format, ...options, '-o', path, `${path}.raw`);
}

/** Writes samples as a plain WAV file, without any program's help. */
export async function writeWav({
  path,
  samples,
  sampleRate = 44_100,
  channels = 2,
  bits = 16,
}: {
  path: string;
  samples: Int32Array;
  sampleRate?: number;
  channels?: number;
  bits?: number;
}): Promise<void> {
  const data = toBytes(samples, bits);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE((sampleRate * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  await writeFile(path, Buffer.concat([header, data]));
}

/** Decodes with the real ffmpeg, as the processes do. */
export const ffmpegDecoder: DecodeExternally = async function* (path) {
  const sound = ['-map', '0:a:0', '-c:a', 'pcm_f32le', '-f', 'wav', '-'];
  const options = ['-v', 'error', '-nostdin', '-i', `file:${path}`, ...sound];
  const child = spawn('ffmpeg', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    yield* child.stdout;
  } finally {
    child.kill('SIGKILL');
  }
};

/** All blocks joined, one array a channel. */
export async function collect(blocks: AsyncIterable<Float32Array[]>): Promise<Float32Array[]> {
  const parts: Float32Array[][] = [];
  for await (const block of blocks) parts.push(block);
  return (parts[0] ?? []).map((_, channel) => {
    const all = new Float32Array(parts.reduce((sum, block) => sum + block[channel].length, 0));
    let at = 0;
    for (const block of parts) {
      all.set(block[channel], at);
      at += block[channel].length;
    }
    return all;
  });
}
