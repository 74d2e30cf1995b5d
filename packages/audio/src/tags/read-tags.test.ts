import { mkdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AudioFileError } from '../decode/error.ts';
import { encodeFlac } from '../flac/encode.ts';
import { pcmFormat } from '../pcm/format.ts';
import { png } from '../testing/picture.ts';
import { run, temporaryFolder, testSamples, toBytes, writeWav } from '../testing/sound.ts';
import { readCover } from './read-cover.ts';
import { readTags } from './read-tags.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const cover = png({ width: 30, height: 20 });

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeWav({ path: folder.file('a.wav'), samples: testSamples({ frames: 44_100 }) });
});
afterAll(() => folder[Symbol.asyncDispose]());

const encode = (name: string, ...options: string[]) =>
  run('ffmpeg', '-v', 'error', '-y', '-i', folder.file('a.wav'), ...options, folder.file(name));

describe('readTags', () => {
  it.each(['a.mp3', 'a.flac', 'a.ogg', 'a.opus', 'a.m4a'])(
    'reads what ffmpeg wrote into %s',
    async (name) => {
      const tags = {
        title: 'Für Elise',
        artist: '坂本',
        album: 'Stücke',
        track: '7/12',
        disc: '2',
        date: '1810-04-27',
      };
      await encode(
        name,
        ...Object.entries(tags).flatMap(([field, value]) => ['-metadata', `${field}=${value}`]),
      );
      const read = await readTags(folder.file(name));
      expect(read).toMatchObject({
        title: 'Für Elise',
        artist: '坂本',
        album: 'Stücke',
        trackNo: 7,
        discNo: 2,
      });
      expect(read.released).toMatch(/^1810/);
      expect(read.durationSeconds).toBeCloseTo(1, 1);
    },
  );

  describe.each(['a.mp3', 'a.flac', 'a.ogg'])('of %s', (name) => {
    it.each([
      ['as on a record', { track: 'B2', disc: '1/2' }, { side: 'B', trackNo: 2, discNo: 1 }],
      ['as on a record, of so many', { track: 'a10/12' }, { side: 'A', trackNo: 10 }],
      ['for the one track of a side', { track: 'B' }, { side: 'B', trackNo: 1 }],
      ['counted on, and as on a record', { track: '7/12', VINYLTRACK: 'C1' }, { side: 'C', trackNo: 1 }],
      ['that is none of a record', { track: '7', VINYLTRACK: 'Side C' }, { trackNo: 7 }],
      ['that is none at all', { track: 'A0' }, {}],
    ])('reads a number %s', async (_which, fields, wanted) => {
      const metadata = Object.entries(fields).flatMap(([field, value]) => ['-metadata', `${field}=${value}`]);
      await encode(name, ...metadata);
      const { side, trackNo, discNo } = await readTags(folder.file(name));
      expect({ side, trackNo, discNo }).toEqual({ side: undefined, trackNo: undefined, ...wanted });
    });
  });

  it('takes side and number from the tags alone where they have a number', async () => {
    await encode('B1 - Song.flac', '-metadata', 'track=5');
    const read = await readTags(folder.file('B1 - Song.flac'));
    expect(read).toMatchObject({ title: 'Song', trackNo: 5 });
    expect(read.side).toBeUndefined();
  });

  it('reads label and MusicBrainz identifiers of what we write ourselves', async () => {
    const id = '0b12f8e1-3a58-4c6a-9a0d-2c0b5f2a7c11';
    await encodeFlac({
      path: folder.file('ours.flac'),
      format: pcmFormat({ sampleRate: 44_100, channels: 2, bitsPerSample: 16 }),
      frames: (async function* () {
        yield toBytes(testSamples({ frames: 1000 }), 16);
      })(),
      tags: {
        TITLE: 'A\u0000B',
        ARTIST: 'C',
        LABEL: 'Blue Note',
        DATE: '1959',
        MUSICBRAINZ_TRACKID: id,
        ALBUMARTIST: 'D',
      },
    });
    expect(await readTags(folder.file('ours.flac'))).toMatchObject({
      title: 'A B',
      artist: 'C',
      albumArtist: 'D',
      label: 'Blue Note',
      released: '1959',
      musicBrainz: { recordingId: id },
    });
  });

  it('goes by the path where there are no tags, and when they are broken', async () => {
    await mkdir(folder.file('Miles Davis/Kind of Blue'), { recursive: true });
    const path = folder.file('Miles Davis/Kind of Blue/01 - So What.flac');
    await encode('plain.flac', '-map_metadata', '-1');
    await rename(folder.file('plain.flac'), path);
    const wanted = { title: 'So What', artist: 'Miles Davis', album: 'Kind of Blue', trackNo: 1 };
    expect(await readTags(path)).toMatchObject(wanted);
    await truncate(path, 10);
    expect(await readTags(path)).toEqual({ ...wanted, musicBrainz: {} });
    const onRecord = folder.file('Miles Davis/Kind of Blue/A1 - So What.flac');
    await rename(path, onRecord);
    expect(await readTags(onRecord)).toEqual({ ...wanted, side: 'A', musicBrainz: {} });
  });

  it('says that a missing file is missing', async () => {
    await expect(readTags(folder.file('missing.mp3'))).rejects.toThrow(AudioFileError);
  });

  it('guesses nothing by the path of what is there and cannot be read', async () => {
    await mkdir(folder.file('B2 - Song.flac'));
    const read = readTags(folder.file('B2 - Song.flac'));
    await expect(read).rejects.toThrow(AudioFileError);
    await expect(read).rejects.toMatchObject({ cause: { code: 'EISDIR' } });
  });
});

describe('readCover', () => {
  it.each(['cover.mp3', 'cover.flac', 'cover.m4a'])('finds the picture inside %s', async (name) => {
    await writeFile(folder.file('c.png'), cover);
    await encode(
      name,
      '-i',
      folder.file('c.png'),
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
    );
    const picture = await readCover(folder.file(name));
    expect(picture?.mime).toBe('image/png');
    expect(Buffer.from(picture?.bytes ?? []).equals(cover)).toBe(true);
  });

  it('takes the best picture of the folder when there is none inside', async () => {
    await mkdir(folder.file('album'));
    await encode('album/a.flac');
    expect(await readCover(folder.file('album/a.flac'))).toBeNull();
    await writeFile(folder.file('album/front.png'), png({ width: 1, height: 1 }));
    await writeFile(folder.file('album/Folder.JPG'), cover);
    await writeFile(folder.file('album/cover.png'), 'not a picture');
    await writeFile(folder.file('album/holiday.png'), cover);
    const picture = await readCover(folder.file('album/a.flac'));
    expect(picture).toEqual({ mime: 'image/png', bytes: await readFile(folder.file('album/Folder.JPG')) });
  });

  it('leaves a picture of more than 10 MB alone', async () => {
    await mkdir(folder.file('large'));
    await writeFile(folder.file('large/cover.png'), Buffer.concat([cover, Buffer.alloc(10 * 1024 * 1024)]));
    expect(await readCover(folder.file('large/a.flac'))).toBeNull();
  });
});
