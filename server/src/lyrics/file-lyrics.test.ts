import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lyrics } from '@pidentify/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileLyrics } from './file-lyrics.ts';

let root: string;
let folder: string;
let song: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'pidentify-lyrics-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  mkdirSync(folder);
  song = join(folder, '01 - A song. Live.flac');
});

function tag(tags: Record<string, string>): void {
  const fields = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', '0.1'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...silence, ...fields, song]);
}
const beside = (content: string | Buffer) => writeFileSync(join(folder, '01 - A song. Live.lrc'), content);
const words = async () => (await createFileLyrics()(song))?.lines.map((line) => line.words);

describe('lyrics of a file', () => {
  it('are those beside it, before those in it', async () => {
    tag({ LYRICS: '[00:01.00]In the tag' });
    expect(await words()).toEqual(['In the tag']);
    beside('\ufeffBeside it, größer');
    expect(await words()).toEqual(['Beside it, größer']);
  });

  it('in it are the timed ones, where there are both', async () => {
    tag({ LYRICS: 'Plain', SYNCEDLYRICS: '[00:01.00]Timed', UNSYNCEDLYRICS: 'Plain too' });
    expect(await words()).toEqual(['Timed']);
  });

  it.each([
    ['not UTF-8', Buffer.from('gr\xf6\xdfer', 'latin1')],
    ['without words', '[ti:A song]\n'],
    ['too large', 'x\n'.repeat(1 << 18)],
  ])('are those in it where what lies beside it is %s', async (_what, content) => {
    tag({ LYRICS: 'In the tag' });
    beside(content);
    expect(await words()).toEqual(['In the tag']);
  });

  it('are those in it where what lies beside it is a folder', async () => {
    tag({ LYRICS: 'In the tag' });
    mkdirSync(join(folder, '01 - A song. Live.lrc'));
    expect(await words()).toEqual(['In the tag']);
  });

  it('in it are cut where they are longer than any song', async () => {
    const facts = join(folder, 'facts');
    writeFileSync(facts, `;FFMETADATA1\nLYRICS=x\\\n${' '.repeat(1 << 18)}\\\ny\n`);
    const [silence, tags] = [
      ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono'],
      ['-f', 'ffmetadata', '-i', facts],
    ];
    const mapped = ['-map', '0', '-map_metadata', '1', '-t', '0.1'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...silence, ...tags, ...mapped, song]);
    expect(await words()).toEqual(['x']);
  });

  it('are none where there are none, and of a file that is gone', async () => {
    tag({ TITLE: 'A song' });
    expect(await words()).toBeUndefined();
    song = join(folder, 'gone.flac');
    expect(await words()).toBeUndefined();
  });

  it('on a drive that hangs are not waited for, and no other is looked at meanwhile', async () => {
    let answer: (lyrics: Lyrics | null) => void = () => undefined;
    let looked = 0;
    const read = createFileLyrics(() => {
      looked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const hung = expect(read('/share/a.flac')).rejects.toMatchObject({ code: 'lyrics_unavailable' });
    await hung;
    await expect(read('/share/b.flac')).rejects.toMatchObject({ code: 'lyrics_unavailable' });
    expect(looked).toBe(1);
    answer(null);
    await new Promise(setImmediate);
    const next = read('/share/c.flac');
    answer(null);
    expect(await next).toBeNull();
  });

  it('are read one file at a time, by however many people, also while nothing is known to hang yet', async () => {
    const looked: string[] = [];
    const answers: ((lyrics: Lyrics | null) => void)[] = [];
    const read = createFileLyrics((path) => {
      looked.push(path);
      return new Promise((resolve) => answers.push(resolve));
    });
    const code = 'lyrics_unavailable';
    const asked = ['a', 'b'].flatMap((path) => Array.from({ length: 20 }, () => read(path)));
    const hung = Promise.all(asked.map((each) => expect(each).rejects.toMatchObject({ code })));
    await new Promise(setImmediate);
    expect(looked).toEqual(['a']);
    await hung;
    answers[0](null);
    await new Promise(setImmediate);
    // Whoever waited for b has gone.
    expect(looked).toEqual(['a']);
    const [first, next] = [read('a'), read('b')];
    await new Promise(setImmediate);
    answers[1](null);
    expect(await first).toBeNull();
    await new Promise(setImmediate);
    expect(looked).toEqual(['a', 'a', 'b']);
    const lyrics: Lyrics = { synced: false, lines: [{ startTimeMs: 0, words: 'Of b' }] };
    answers[2](lyrics);
    expect(await next).toBe(lyrics);
  });
});
