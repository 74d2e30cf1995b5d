import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFlac, type RollingBuffer } from '@pidentify/audio';
import { type CutRequest, PidentifyError, type Take } from '@pidentify/contracts';
import { iso } from './iso.ts';

type CutOptions = {
  buffer: RollingBuffer;
  /** Where takes wait to be trimmed: `{entry_id}.flac`. */
  folder: string;
};

/**
 * Writes a stretch of the rolling buffer as FLAC, bit for bit, in place of an earlier take of the same entry.
 * Throws `not_in_buffer` when nothing of it is kept any more, `disk_full`.
 */
export function createCutter({ buffer, folder }: CutOptions) {
  return async function cut({ entry_id, from, to }: CutRequest): Promise<Take> {
    const take = buffer.take({ fromMs: Date.parse(from), toMs: Date.parse(to) });
    if (!take) throw new PidentifyError('not_in_buffer');
    const { format, startedAtMs, fromFrame, toFrame, clean, complete } = take;
    const path = join(folder, `${entry_id}.flac`);
    try {
      await mkdir(folder, { recursive: true });
      await encodeFlac({ path, format, frames: take.frames(), replace: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw new PidentifyError('disk_full', undefined, { cause: error });
      throw error;
    } finally {
      take.release();
    }
    return {
      entry_id,
      path,
      started_at: iso(startedAtMs),
      duration_seconds: (toFrame - fromFrame) / format.sampleRate,
      sample_rate: format.sampleRate,
      channels: format.channels,
      bits_per_sample: format.bitsPerSample,
      frames: toFrame - fromFrame,
      clean,
      complete,
    };
  };
}
