import { readFile, stat } from 'node:fs/promises';
import { type AudioData, audioDataSchema, PidentifyError, type Take } from '@pidentify/contracts';
import { z } from 'zod';
import { writeFileWhole } from '../files/files.ts';
import type { FlacWork } from './flac-work.ts';

/** A chart as it is kept: good for one version of the take and one number of parts. */
const keptChartSchema = audioDataSchema.extend({ parts: z.number(), bytes: z.number(), changed: z.number() });

/** The waveform of a take; the last one that was made is kept beside it. @throws audio_unreadable */
export async function chartOfTake({
  take,
  parts,
  file,
  flacWork,
}: {
  take: Take;
  parts: number;
  file: string;
  flacWork: Pick<FlacWork, 'chart'>;
}): Promise<AudioData> {
  const { size: bytes, mtimeMs: changed } = await stat(take.path);
  const kept = await readChart(file);
  if (kept && kept.parts === parts && kept.bytes === bytes && kept.changed === changed) return kept;
  const chart = await flacWork.chart(take.path, parts);
  const made = { duration: take.duration_seconds, chart };
  // On a full disk it is made anew each time.
  await Promise.allSettled([writeFileWhole(file, JSON.stringify({ ...made, parts, bytes, changed }))]);
  return made;
}

async function readChart(file: string): Promise<z.infer<typeof keptChartSchema> | null> {
  try {
    return keptChartSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch (error) {
    const unreadable = error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (unreadable) return null;
    throw new PidentifyError('internal_error', undefined, { cause: error });
  }
}
