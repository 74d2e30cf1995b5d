import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathFacts } from './path-facts.ts';

it.each([
  ['/m/01 - Name.ogg', { title: 'Name', trackNo: 1 }],
  ['/m/12. Ein Lied.mp3', { title: 'Ein Lied', trackNo: 12 }],
  ['/m/03 Wish You Were Here.flac', { title: 'Wish You Were Here', trackNo: 3 }],
  ['/m/2-07 - Side Two.flac', { title: 'Side Two', trackNo: 7, discNo: 2 }],
  ['/m/1-01 Disc One.flac', { title: 'Disc One', trackNo: 1, discNo: 1 }],
  ['/m/2-11 Disc Two.flac', { title: 'Disc Two', trackNo: 11, discNo: 2 }],
  ['/m/A1 - So What.flac', { title: 'So What', side: 'A', trackNo: 1 }],
  ['/m/B2 Flamenco Sketches.flac', { title: 'Flamenco Sketches', side: 'B', trackNo: 2 }],
  ['/m/C03. 1999.flac', { title: '1999', side: 'C', trackNo: 3 }],
  ['/m/d1-some_song.mp3', { title: 'some song', side: 'D', trackNo: 1 }],
  ['/m/A2_some_song.mp3', { title: 'some song', side: 'A', trackNo: 2 }],
  ['/m/U2 - One.mp3', { title: 'U2 - One' }],
  ['/m/D12 - My Band.mp3', { title: 'D12 - My Band' }],
  ['/m/A1.mp3', { title: 'A1' }],
  ['/m/a1 is the best.mp3', { title: 'a1 is the best' }],
  ['/m/04_the_long_way.flac', { title: 'the long way', trackNo: 4 }],
  ['/m/99 Luftballons.mp3', { title: '99 Luftballons' }],
  ['/m/1999.mp3', { title: '1999' }],
  ['/m/Some Artist - Some Song.mp3', { title: 'Some Artist - Some Song' }],
  ['/m/.hidden', { title: '.hidden' }],
  [
    '/media/Miles Davis/Kind of Blue/01 - So What.flac',
    { title: 'So What', trackNo: 1, artist: 'Miles Davis', album: 'Kind of Blue' },
  ],
  [
    '/media/Miles Davis/Kind of Blue/A1 - So What.flac',
    { title: 'So What', side: 'A', trackNo: 1, artist: 'Miles Davis', album: 'Kind of Blue' },
  ],
  ['/home/Music/Kind of Blue/01 - So What.flac', { title: 'So What', trackNo: 1 }],
  ['/home/Miles Davis/Kind of Blue/So What.flac', { title: 'So What' }],
])('reads %s', (path, facts) => {
  expect(pathFacts(path)).toEqual(facts);
});

it('finds a title in any path', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\d .\-_]{1,40}$/u), (name) => {
      fc.pre(name.trim().replaceAll(/[._\s-]/g, '') !== '');
      expect(pathFacts(`/a/${name}.flac`).title).not.toBe('');
    }),
  );
});
