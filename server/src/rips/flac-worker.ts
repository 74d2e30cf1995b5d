import { parentPort, workerData } from 'node:worker_threads';
import { AudioFileError, encodeFlac, medianAbsChart, openFlac } from '@pidentify/audio';
import { PidentifyError } from '@pidentify/contracts';
import { fileError } from '../files/files.ts';
import type { FlacFacts, FlacJob, FlacOutcome, TrimJob } from './flac-work.ts';

/** One job on FLAC files, in a thread of its own; see flac-work.ts. */
async function run(job: FlacJob): Promise<unknown> {
  if (job.job === 'describe') return describe(job.path);
  if (job.job === 'chart') return chart(job.path, job.parts);
  return trim(job.trim);
}

async function describe(path: string): Promise<FlacFacts> {
  const flac = await openFlac(path);
  await flac.close();
  const { sampleRate, channels, bitsPerSample } = flac.format;
  return {
    sample_rate: sampleRate,
    channels,
    bits_per_sample: bitsPerSample,
    frames: flac.frames,
    duration_seconds: flac.frames / sampleRate,
  };
}

async function chart(path: string, parts: number): Promise<number[]> {
  const flac = await openFlac(path);
  try {
    const { format, frames: totalFrames } = flac;
    const frames = flac.read({ fromFrame: 0, toFrame: totalFrames });
    return await medianAbsChart({ frames, format, totalFrames, parts });
  } finally {
    await flac.close();
  }
}

async function trim({ source, target, from, to, tags, cover }: TrimJob): Promise<void> {
  const flac = await openFlac(source);
  try {
    await encodeFlac({
      path: target,
      format: flac.format,
      frames: flac.read({ fromFrame: from, toFrame: to }),
      tags,
      picture: cover ?? undefined,
    });
  } finally {
    await flac.close();
  }
}

async function outcome(job: FlacJob): Promise<FlacOutcome> {
  try {
    return { result: await run(job) };
  } catch (error) {
    if (error instanceof AudioFileError)
      return { error: { code: 'audio_unreadable', message: error.message } };
    const { code, cause } = error instanceof PidentifyError ? error : fileError(error, 'save_failed');
    const says = code === 'save_failed' && cause instanceof Error;
    return { error: { code, message: says ? cause.message : '' } };
  }
}

parentPort?.postMessage(await outcome(workerData as FlacJob));
