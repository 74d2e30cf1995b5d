import { lyricsSchema } from '@pidentify/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLrc } from './lrc.ts';

const timesAndWords = (text: string) => parseLrc(text)?.lines.map((line) => [line.startTimeMs, line.words]);

describe('LRC', () => {
  it('is lines with the time at which each begins', () => {
    expect(
      parseLrc('[ti:Teardrop]\n[00:01.50]Love, love is a verb\r\n[01:02.345] Love is a doing word '),
    ).toEqual({
      synced: true,
      lines: [
        { startTimeMs: 1500, words: 'Love, love is a verb' },
        { startTimeMs: 62_345, words: 'Love is a doing word' },
      ],
    });
  });

  it('may have several times a line, and lines in any order', () => {
    expect(timesAndWords('[00:30.00][00:10.00] [00:50.00]Again\n[00:20.00]Between')).toEqual([
      [10_000, 'Again'],
      [20_000, 'Between'],
      [30_000, 'Again'],
      [50_000, 'Again'],
    ]);
  });

  it.each([
    ['[00:05]a', 5000],
    ['[0:05.5]a', 5500],
    ['[00:05:25]a', 5250],
    ['[120:00.00]a', 7_200_000],
    ['  [00:05.00]a', 5000],
    ['\ufeff[00:05.00]a', 5000],
  ])('%j begins at %i ms', (text, ms) => {
    expect(timesAndWords(text)).toEqual([[ms, 'a']]);
  });

  it.each([
    ['[offset:500]', 4500],
    ['[offset:+500]', 4500],
    ['[OFFSET: -500]', 5500],
    ['[offset:9000]', 0],
    ['[offset:soon]', 5000],
  ])('an offset counts for all lines, wherever it stands: %s', (tag, ms) => {
    expect(timesAndWords(`[00:05.00]a\n${tag}`)).toEqual([[ms, 'a']]);
    expect(timesAndWords(`${tag}\n[00:05.00]a`)).toEqual([[ms, 'a']]);
  });

  it('keeps pauses, and leaves out times of words and what has no time', () => {
    expect(
      timesAndWords('by somebody\n[00:01.00]<00:01.00>One <00:01.40>two\n[00:03.00]\n\n[00:09.00]three'),
    ).toEqual([
      [1000, 'One two'],
      [3000, ''],
      [9000, 'three'],
    ]);
  });

  it('without times it is text, verse by verse', () => {
    expect(parseLrc('[ar:Somebody]\n\n[Chorus: all]\nOne\n\nTwo\u0007\n\n')).toEqual({
      synced: false,
      lines: ['[Chorus: all]', 'One', '', 'Two'].map((words) => ({ startTimeMs: 0, words })),
    });
  });

  it.each(['', '\n \n', '[ti:Only a title]', '[00:01.00]\n[00:02.00] '])('%j has no words', (text) => {
    expect(parseLrc(text)).toBeNull();
  });

  it('is never more than a song can have', () => {
    const lyrics = parseLrc(`${'[00:01.00]'.repeat(9000)}${'x'.repeat(9000)}`);
    expect(lyrics?.lines).toHaveLength(2000);
    expect(lyrics?.lines[0].words).toHaveLength(500);
    expect(parseLrc('x\n'.repeat(9000))?.lines).toHaveLength(2000);
  });

  it.each([
    ['empty lines', '\n'],
    ['spaces', ' '],
    ['tabs', '\t'],
    ['line separators', '\u2028'],
    ['brackets', '['],
    ['beginnings of an offset', '\n[offset:'],
    ['ends of a tag', '] '],
    ['times', '[00:01.00]'],
  ])('takes no time for 200,000 %s', (_what, part) => {
    for (const begin of ['', '[ti:', '[offset', '[00:01.00]la', '[00:01.00]<00:01']) {
      const before = process.cpuUsage();
      parseLrc(`${begin}${part.repeat(200_000)}x\n[00:02.00]`);
      const { user, system } = process.cpuUsage(before);
      // A tenth of it is usual; what goes with the square takes most of a minute.
      expect((user + system) / 1000, begin).toBeLessThan(2000);
    }
  });

  it('whatever the text, it is lyrics in the order of time, or none', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[00:01.00]',
        '[99:99.999]',
        '[offset:-7]',
        '[',
        ']',
        '<00:01.00>',
        '\n',
        '\r',
        '\ud800',
        '[ti:',
      ),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const lyrics = parseLrc(parts.join(''));
        if (!lyrics) return;
        lyricsSchema.parse(lyrics);
        const times = lyrics.lines.map(({ startTimeMs }) => startTimeMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times[0]).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
