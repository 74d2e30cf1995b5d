import { open, readdir, readFile, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { frameBytes, type PcmFormat, pcmFormat } from '../pcm/format.ts';
import type { Anchor, Gap } from './timeline.ts';

/** Frames of one file, as far as they are on the disk. */
export type Segment = { firstFrame: number; frames: number };
/** What `run.json` holds; the number of frames is told by the segments' sizes. */
export type RunRecord = { format: PcmFormat; anchors: Anchor[]; gaps: Gap[] };

const RECORD = 'run.json';
const RUN_NAME = /^run-(\d{8})$/;
const SEGMENT_NAME = /^(\d{13})\.pcm$/;

export const runFolderName = (sequence: number): string => `run-${String(sequence).padStart(8, '0')}`;
export const segmentName = (firstFrame: number): string => `${String(firstFrame).padStart(13, '0')}.pcm`;

/** Sequence numbers of the runs in a folder, rising; whatever else lies there is not ours. */
export async function listRuns(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .flatMap((name) => RUN_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Replaces `run.json` in one step. */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  const temporary = join(folder, `${RECORD}.new`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(JSON.stringify(record));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, RECORD));
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The record in a text; null when it is not one. */
export function parseRecord(text: string): RunRecord | null {
  let value: Partial<RunRecord> | null;
  try {
    value = JSON.parse(text) as Partial<RunRecord> | null;
  } catch {
    // A record that a power cut left half written is the same as none.
    return null;
  }
  const { format, anchors, gaps } = value ?? {};
  if (!format || !Array.isArray(anchors) || !Array.isArray(gaps) || anchors.length === 0) return null;
  const { sampleRate, channels, bitsPerSample } = format;
  const formatHolds =
    isCount(sampleRate) && sampleRate > 0 && isCount(channels) && channels > 0 && channels <= 255;
  if (!formatHolds || (bitsPerSample !== 16 && bitsPerSample !== 24)) return null;
  const anchorsHold = anchors.every((anchor) => isCount(anchor?.frame) && Number.isFinite(anchor.atMs));
  const gapsHold = gaps.every((gap) => isCount(gap?.frame) && isCount(gap.frames));
  return anchorsHold && gapsHold
    ? { format: pcmFormat({ sampleRate, channels, bitsPerSample }), anchors, gaps }
    : null;
}

/** Finds a run again by its files alone; null when it cannot be told how its sound is stored. */
export async function readRun(folder: string): Promise<{ record: RunRecord; segments: Segment[] } | null> {
  const names = await readdir(folder);
  if (!names.includes(RECORD)) return null;
  const record = parseRecord(await readFile(join(folder, RECORD), 'utf8'));
  if (!record) return null;
  const segments: Segment[] = [];
  for (const name of names.sort()) {
    const first = SEGMENT_NAME.exec(name)?.[1];
    if (first === undefined) continue;
    const { size } = await stat(join(folder, name));
    // A frame that was cut off by the end of the process does not count.
    segments.push({ firstFrame: Number(first), frames: Math.floor(size / frameBytes(record.format)) });
  }
  return { record, segments };
}

/** Removes a run's files and its folder, unless something else lies in it. */
export async function removeRun(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (SEGMENT_NAME.test(name) || name.startsWith(RECORD)) await unlink(join(folder, name));
  }
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    // Somebody else's file keeps the folder; that is not ours to judge.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
