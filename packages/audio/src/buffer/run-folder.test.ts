import { mkdir, readdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmFormat } from '../pcm/format.ts';
import { temporaryFolder } from '../testing/sound.ts';
import { listRuns, parseRecord, readRun, removeRun, segmentName, writeRecord } from './run-folder.ts';

const record = {
  format: pcmFormat({ sampleRate: 44_100, channels: 2, bitsPerSample: 16 }),
  anchors: [{ frame: 0, atMs: 1_763_800_000_000.5 }],
  gaps: [{ frame: 7, frames: 3 }],
};

describe('a run folder', () => {
  it('tells its record and its whole frames', async () => {
    await using folder = await temporaryFolder();
    await writeRecord(folder.file(''), record);
    await writeFile(folder.file(segmentName(0)), new Uint8Array(40));
    await writeFile(folder.file(segmentName(10)), new Uint8Array(11));
    const found = await readRun(folder.file(''));
    expect(found?.record).toEqual(record);
    expect(found?.segments).toEqual([
      { firstFrame: 0, frames: 10 },
      { firstFrame: 10, frames: 2 },
    ]);
  });

  it('is told from other things in the buffer and leaves strange files where they are', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['run-00000012', 'run-00000003', 'run-3', 'photos']) await mkdir(folder.file(name));
    expect(await listRuns(folder.file(''))).toEqual([3, 12]);
    await writeFile(folder.file('run-00000003/holiday.jpg'), 'x');
    await writeFile(folder.file(`run-00000003/${segmentName(0)}`), 'x');
    await removeRun(folder.file('run-00000003'));
    expect(await readdir(folder.file('run-00000003'))).toEqual(['holiday.jpg']);
  });
});

describe('parseRecord', () => {
  it('takes nothing that is not a record', () => {
    expect(parseRecord('{"format":{"sampleRate":44100')).toBeNull();
    expect(parseRecord(JSON.stringify({ ...record, anchors: [] }))).toBeNull();
    expect(
      parseRecord(JSON.stringify({ ...record, format: { ...record.format, bitsPerSample: 20 } })),
    ).toBeNull();
    expect(parseRecord(JSON.stringify({ ...record, gaps: [null] }))).toBeNull();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRecord(text)).toBeNull();
      }),
    );
  });
});
