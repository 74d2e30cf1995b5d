import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFlac, openFlac, type RollingBuffer } from '@pidentify/audio';
import type { Stretch } from '../learn/hear.ts';
import { takeWhole } from '../learn/whole-take.ts';
import type { Hearings } from './hearings.ts';

type SoundFilesOptions = {
  folder: string;
  buffer: Pick<RollingBuffer, 'take'>;
  hearings: Hearings;
  /** Megabytes to keep at most; 0: none. */
  limitMb(): number;
};

/** The sound of unknown tracks, bit for bit as it was heard: `{id}.flac` each, within a limit. */
export function createSoundFiles({ folder, buffer, hearings, limitMb }: SoundFilesOptions) {
  const pathOf = (id: string) => join(folder, `${id}.flac`);

  async function remove(id: string): Promise<void> {
    await rm(pathOf(id), { force: true });
  }

  return {
    pathOf,
    /** Writes a stretch of the buffer; gives its size, 0 where none is kept. Throws Node's own errors (`ENOSPC`). */
    async record(id: string, stretch: Stretch): Promise<number> {
      const take = limitMb() > 0 ? takeWhole(buffer, stretch) : null;
      if (!take) return 0;
      try {
        await mkdir(folder, { recursive: true });
        await encodeFlac({ path: pathOf(id), format: take.format, frames: take.frames(), replace: true });
      } finally {
        take.release();
      }
      return (await stat(pathOf(id))).size;
    },
    /** Writes seconds [from, to) of the sound of one hearing as that of another; gives its size. */
    async copyPart(id: string, asId: string, { from, to }: { from: number; to: number }): Promise<number> {
      const file = await openFlac(pathOf(id));
      try {
        const { format, frames } = file;
        const frameAt = (seconds: number) => Math.min(frames, Math.round(seconds * format.sampleRate));
        const part = file.read({ fromFrame: frameAt(from), toFrame: frameAt(to) });
        await encodeFlac({ path: pathOf(asId), format, frames: part, replace: true });
      } finally {
        await file.close();
      }
      return (await stat(pathOf(asId))).size;
    },
    remove,
    /** Deletes the oldest sound until the rest is within the limit; true when something was. */
    async shrink(): Promise<boolean> {
      let shrunk = false;
      for (
        let oldest = hearings.oldestSound();
        oldest && hearings.totals().bytes > limitMb() * 1e6;
        oldest = hearings.oldestSound()
      ) {
        hearings.soundGone(oldest.id);
        await remove(oldest.id);
        shrunk = true;
      }
      return shrunk;
    },
    /** Deletes what a crash left, and notes what is no longer there. */
    async tidy(): Promise<void> {
      const known = new Map(hearings.all().map((hearing) => [`${hearing.id}.flac`, hearing]));
      const files = new Set(await readdir(folder).catch(noFolder));
      for (const name of files) if (!known.has(name)) await rm(join(folder, name), { force: true });
      for (const [name, { id, soundBytes }] of known)
        if (soundBytes > 0 && !files.has(name)) hearings.soundGone(id);
    },
  };
}
export type SoundFiles = ReturnType<typeof createSoundFiles>;

function noFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
