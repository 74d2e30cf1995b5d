import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, temporaryFolder, testSamples, writeWav } from '../testing/sound.ts';
import { readLyrics } from './read-lyrics.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples: testSamples({ frames: 44_100 }) });
});
afterAll(() => folder[Symbol.asyncDispose]());

const lrc = '[offset:+500]\n[00:01.00][00:03.00]One\n[00:02.00]Two';

async function tagged(name: string, tags: Record<string, string>): Promise<string> {
  const fields = Object.entries(tags).flatMap(([field, value]) => ['-metadata', `${field}=${value}`]);
  await run('ffmpeg', '-v', 'error', '-y', '-i', folder.file('a.wav'), ...fields, folder.file(name));
  return folder.file(name);
}

/** An MP3 file that begins with one ID3v2.3 frame of ours (id3.org/id3v2.3.0, 3.3 and 4.9). */
async function withFrame(name: string, id: string, content: Buffer): Promise<string> {
  const path = await tagged(name, {});
  const sound = await readFile(path);
  const frame = Buffer.concat([Buffer.from(id), Buffer.alloc(6), content]);
  frame.writeUInt32BE(content.length, 4);
  const head = Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000', 'latin1');
  head[8] = frame.length >> 7;
  head[9] = frame.length & 0x7f;
  const begins = 10 + ((sound[6] << 21) | (sound[7] << 14) | (sound[8] << 7) | sound[9]);
  await writeFile(path, Buffer.concat([head, frame, sound.subarray(begins)]));
  return path;
}

const syllable = (text: string, ms: number) => {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(ms);
  return Buffer.concat([Buffer.from(`${text}\u0000`, 'latin1'), time]);
};
/** Latin-1, English, a time format (2: ms), a kind of content (1: lyrics) and an empty name. */
const sylt = (format: number, kind: number, ...syllables: Buffer[]) =>
  Buffer.concat([Buffer.from([0]), Buffer.from('eng'), Buffer.from([format, kind, 0]), ...syllables]);

describe('readLyrics', () => {
  it.each(['LYRICS', 'UNSYNCEDLYRICS', 'SYNCEDLYRICS', 'UNSYNCED LYRICS'])(
    'gives the Vorbis comment %s as it stands there',
    async (field) => {
      expect(await readLyrics(await tagged('a.flac', { [field]: lrc }))).toEqual([lrc]);
      expect(await readLyrics(await tagged('a.ogg', { [field]: lrc }))).toEqual([lrc]);
    },
  );

  it.each(['a.mp3', 'a.m4a'])('gives what ffmpeg wrote into %s', async (name) => {
    expect(await readLyrics(await tagged(name, { lyrics: lrc }))).toEqual([lrc]);
  });

  it('gives all there are', async () => {
    const path = await tagged('both.flac', { LYRICS: 'One', SYNCEDLYRICS: lrc });
    expect((await readLyrics(path)).sort()).toEqual(['One', lrc].sort());
  });

  it('reads USLT of ID3', async () => {
    const content = Buffer.from('\u0000eng\u0000One\nTwo', 'latin1');
    expect(await readLyrics(await withFrame('uslt.mp3', 'USLT', content))).toEqual(['One\nTwo']);
  });

  it('reads SYLT of ID3 as LRC, line by line or put together from syllables', async () => {
    const lines = sylt(2, 1, syllable('One', 1500), syllable('Two', 62_345));
    expect(await readLyrics(await withFrame('lines.mp3', 'SYLT', lines))).toEqual([
      '[00:01.500]One\n[01:02.345]Two',
    ]);
    const parts = [syllable('\nO', 1500), syllable('ne', 1700), syllable('\nTwo', 2000)];
    expect(await readLyrics(await withFrame('parts.mp3', 'SYLT', sylt(2, 1, ...parts)))).toEqual([
      '[00:01.500]One\n[00:02.000]Two',
    ]);
  });

  it('reads SYLT that counts MPEG frames as text, and leaves chords alone', async () => {
    const frames = sylt(1, 1, syllable('One', 40), syllable('Two', 80));
    expect(await readLyrics(await withFrame('frames.mp3', 'SYLT', frames))).toEqual(['One\nTwo']);
    const chords = sylt(2, 5, syllable('Am', 40));
    expect(await readLyrics(await withFrame('chords.mp3', 'SYLT', chords))).toEqual([]);
  });

  it('gives none where there are none, and for a file that is missing or broken', async () => {
    expect(await readLyrics(await tagged('plain.flac', { TITLE: 'One', LYRICIST: 'Somebody' }))).toEqual([]);
    expect(await readLyrics(folder.file('missing.flac'))).toEqual([]);
    await writeFile(folder.file('broken.flac'), 'fLaC and no more');
    expect(await readLyrics(folder.file('broken.flac'))).toEqual([]);
  });
});
