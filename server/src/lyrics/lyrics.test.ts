import { PidentifyError } from '@pidentify/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeptAnswers } from './kept-answers.ts';
import type { LyricsAnswer, LyricsFault, LyricsQuestion } from './lrclib.ts';
import { createLyrics, type PlayingTrack } from './lyrics.ts';

const minute = 60_000;
const playing = (title: string, parts: Partial<PlayingTrack['track']> = {}): PlayingTrack => ({
  track: { track_id: title, offset: 0, track_name: title, artist_name: 'Somebody', ...parts },
  isConfirmed: true,
  file: null,
});

let asked: LyricsQuestion[];
let answer: (question: LyricsQuestion) => Promise<LyricsAnswer | LyricsFault>;
let isAllowed: boolean;
let nowMs: number;
let keptOnes: Map<string, LyricsAnswer>;
let warnings: string[];
beforeEach(() => {
  asked = [];
  answer = async () => ({ kind: 'lyrics', text: 'Words' });
  isAllowed = true;
  nowMs = 1_000_000;
  keptOnes = new Map();
  warnings = [];
});

function room(kept: Partial<KeptAnswers> = {}) {
  return createLyrics({
    fromFile: async (path) =>
      path === '/own.flac' ? { synced: false, lines: [{ startTimeMs: 0, words: 'Own' }] } : null,
    kept: {
      find: async ({ title }) => keptOnes.get(title) ?? null,
      keep: async ({ title }, given) => void keptOnes.set(title, given),
      ...kept,
    },
    ask: (question) => {
      asked.push(question);
      return answer(question);
    },
    isAllowed: () => isAllowed,
    now: () => nowMs,
    log: { warn: (_context, text) => warnings.push(text) },
  });
}

const codeOf = async (finding: Promise<unknown>) =>
  finding.then(
    () => 'found',
    (error) => (error instanceof PidentifyError ? error.code : String(error)),
  );

describe('lyrics', () => {
  it('of the file go before those of LRCLIB, which is not asked then', async () => {
    const { lines } = await room().find({ ...playing('A'), file: '/own.flac' });
    expect(lines[0].words).toBe('Own');
    expect(asked).toEqual([]);
  });

  it('are asked for once', async () => {
    const lyrics = room();
    const track = { album_name: ' Mezzanine ', duration_seconds: 330.4 };
    for (const file of [null, '/other.flac'])
      expect((await lyrics.find({ ...playing('A', track), file })).lines[0].words).toBe('Words');
    expect(asked).toEqual([{ title: 'A', artist: 'Somebody', album: 'Mezzanine', seconds: 330 }]);
  });

  it('are asked for by nobody while LRCLIB is off, but what it said before is shown', async () => {
    isAllowed = false;
    keptOnes.set('B', { kind: 'lyrics', text: 'Words' });
    expect(await codeOf(room().find(playing('A')))).toBe('lyrics_not_found');
    expect(await codeOf(room().find(playing('B')))).toBe('found');
    expect(asked).toEqual([]);
  });

  it('of a guess are those of the file and those LRCLIB gave before; it is asked once the track is certain', async () => {
    const lyrics = room();
    const guess = (title: string) => ({ ...playing(title), isConfirmed: false });
    keptOnes.set('B', { kind: 'lyrics', text: 'Words' });
    keptOnes.set('N', { kind: 'none' });
    expect(await codeOf(lyrics.find({ ...guess('A'), file: '/own.flac' }))).toBe('found');
    expect(await codeOf(lyrics.find(guess('B')))).toBe('found');
    await expect(lyrics.find(guess('N'))).rejects.toThrow(/^No lyrics were found\.$/);
    await expect(lyrics.find(guess('A'))).rejects.toThrow(/LRCLIB is asked once the track is certain\.$/);
    isAllowed = false;
    await expect(lyrics.find(guess('A'))).rejects.toThrow(/^No lyrics were found\.$/);
    isAllowed = true;
    expect(asked).toEqual([]);
    expect(await codeOf(lyrics.find(playing('A')))).toBe('found');
    expect(asked).toHaveLength(1);
  });

  it('are not asked for without an artist or a title', async () => {
    for (const track of [{ artist_name: null }, { artist_name: ' ' }, { track_name: '' }])
      expect(await codeOf(room().find(playing('A', track)))).toBe('lyrics_not_found');
    expect(asked).toEqual([]);
  });

  it('that there are none is said, and that a track is instrumental', async () => {
    const lyrics = room();
    answer = async ({ title }) => ({ kind: title === 'I' ? 'instrumental' : 'none' });
    await expect(lyrics.find(playing('N'))).rejects.toThrow(/^No lyrics were found\.$/);
    await expect(lyrics.find(playing('I'))).rejects.toThrow(/It is instrumental/);
    await expect(lyrics.find(playing('I'))).rejects.toThrow(/It is instrumental/);
    expect(asked).toHaveLength(2);
  });

  it('are asked for one track after the other, and once where several look', async () => {
    const lyrics = room();
    let open = 0;
    let most = 0;
    answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 20));
      open -= 1;
      return { kind: 'lyrics', text: 'Words' };
    };
    const finding = ['A', 'B', 'A', 'A', 'B'].map((title) => lyrics.find(playing(title)));
    await Promise.all(finding);
    expect(most).toBe(1);
    expect(asked.map(({ title }) => title)).toEqual(['A', 'B']);
  });

  it('what was kept is not held up by a question about another track', async () => {
    const lyrics = room();
    keptOnes.set('B', { kind: 'lyrics', text: 'Words' });
    let end: (answer: LyricsAnswer) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        end = resolve;
      });
    const slow = lyrics.find(playing('A'));
    expect(await codeOf(lyrics.find(playing('B')))).toBe('found');
    end({ kind: 'none' });
    expect(await codeOf(slow)).toBe('lyrics_not_found');
  });

  it('a service that asked to be left alone is, for as long as it said', async () => {
    const lyrics = room();
    answer = async () => ({ kind: 'fault', why: 'Too many.', waitMs: 10 * minute });
    expect(await codeOf(lyrics.find(playing('A')))).toBe('lyrics_unavailable');
    answer = async () => ({ kind: 'lyrics', text: 'Words' });
    nowMs += 10 * minute - 1;
    await expect(lyrics.find(playing('B'))).rejects.toThrow(/LRCLIB: Too many\./);
    expect(asked).toHaveLength(1);
    nowMs += 1;
    expect(await codeOf(lyrics.find(playing('A')))).toBe('found');
    expect(warnings).toHaveLength(1);
  });

  it('a service that fails is asked ever more rarely, until it answers', async () => {
    const lyrics = room();
    answer = async () => ({ kind: 'fault', why: 'It does not work.' });
    const calls: number[] = [];
    for (let second = 0; second < 3 * 3600; second += 1) {
      const before = asked.length;
      await codeOf(lyrics.find(playing('A')));
      if (asked.length > before) calls.push(second);
      nowMs += 1000;
    }
    expect(calls).toEqual([0, 30, 90, 210, 450, 930, 1890, 3810, 7410]);
    nowMs += 60 * minute;
    answer = async () => ({ kind: 'none' });
    expect(await codeOf(lyrics.find(playing('A')))).toBe('lyrics_not_found');
    answer = async () => ({ kind: 'fault', why: 'It does not work.' });
    await codeOf(lyrics.find(playing('B')));
    nowMs += 30_000;
    const before = asked.length;
    await codeOf(lyrics.find(playing('B')));
    expect(asked.length).toBe(before + 1);
  });

  it('are asked for again when the clock was set back', async () => {
    const lyrics = room();
    answer = async () => ({ kind: 'fault', why: 'Too many.', waitMs: 9e12 });
    await codeOf(lyrics.find(playing('A')));
    nowMs -= 48 * 60 * minute;
    await codeOf(lyrics.find(playing('A')));
    expect(asked).toHaveLength(2);
  });

  it('are shown even where they cannot be kept', async () => {
    const keep = async () => {
      throw new Error('the disk is full');
    };
    expect(await codeOf(room({ keep }).find(playing('A')))).toBe('found');
    expect(warnings).toEqual(['an answer of LRCLIB could not be kept']);
  });

  it('a question under way ends with the server, and nothing of it is kept', async () => {
    const lyrics = room();
    answer = async () => {
      lyrics.close();
      return { kind: 'fault', why: 'It was aborted.' };
    };
    expect(await codeOf(lyrics.find(playing('A')))).toBe('lyrics_unavailable');
    expect(keptOnes.size).toBe(0);
  });
});
