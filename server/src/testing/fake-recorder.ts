import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFlac, pcmFormat } from '@pidentify/audio';
import { type CutRequest, PidentifyError, type Take } from '@pidentify/contracts';
import type { Rig } from './rig.ts';

const format = pcmFormat({ sampleRate: 8000, channels: 2, bitsPerSample: 16 });

/** Stereo frames that count from `from`: the low 16 bits left, the high ones right. */
export function countingFrames(from: number, to: number): Buffer {
  const pcm = Buffer.alloc((to - from) * 4);
  for (let frame = from; frame < to; frame += 1) pcm.writeUInt32LE(frame, (frame - from) * 4);
  return pcm;
}

/** A recorder that has heard a counter, from one moment to another, and cuts takes out of it. */
export type FakeRecorder = { asked: CutRequest[]; heard: { from: number; to: number } };

export async function startFakeRecorder(
  rig: Rig,
  heard: { from: string; to: string },
): Promise<FakeRecorder> {
  const fake: FakeRecorder = { asked: [], heard: { from: Date.parse(heard.from), to: Date.parse(heard.to) } };
  await rig.bus.answer('recorder.cut', async (request) => {
    fake.asked.push(request);
    return cut({ fake, request, folder: join(rig.data, 'temp') });
  }).active;
  return fake;
}

async function cut({
  fake,
  request,
  folder,
}: {
  fake: FakeRecorder;
  request: CutRequest;
  folder: string;
}): Promise<Take> {
  const from = Math.max(fake.heard.from, Date.parse(request.from));
  const to = Math.min(fake.heard.to, Date.parse(request.to));
  if (from >= to) throw new PidentifyError('not_in_buffer');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${request.entry_id}.flac`);
  const frames = Math.round(((to - from) / 1000) * format.sampleRate);
  const sound = async function* () {
    yield countingFrames(0, frames);
  };
  await encodeFlac({ path, format, frames: sound(), replace: true });
  return {
    entry_id: request.entry_id,
    path,
    started_at: new Date(from).toISOString(),
    duration_seconds: frames / format.sampleRate,
    sample_rate: format.sampleRate,
    channels: format.channels,
    bits_per_sample: format.bitsPerSample,
    frames,
    clean: true,
    complete: from === Date.parse(request.from) && to === Date.parse(request.to),
  };
}
