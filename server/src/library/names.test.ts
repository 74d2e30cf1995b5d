import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeName, trackPlace } from './names.ts';

const name = (text: string) => safeName(text, { empty: 'None' });

describe('trackPlace', () => {
  it('is artist, album, number and title', () => {
    expect(
      trackPlace({ artist: 'Massive Attack', album: 'Mezzanine', title: 'Teardrop', trackNo: 3 }),
    ).toEqual({
      artist: 'Massive Attack',
      album: 'Mezzanine',
      file: '03 - Teardrop',
    });
  });

  it('has names for what is not known', () => {
    expect(trackPlace({ artist: ' ', album: '', title: '/', trackNo: 0 })).toEqual({
      artist: 'Unknown Artist',
      album: 'Unknown Album',
      file: 'Untitled',
    });
  });

  it('leaves room in the file name for a number and the ending', () => {
    const { file } = trackPlace({ artist: '', album: '', title: 'é'.repeat(1000), trackNo: 9999 });
    expect(Buffer.byteLength(`${file} (999).flac`)).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(file)).toBeGreaterThan(240);
  });
});

describe('safeName', () => {
  it.each([
    ['AC/DC', 'AC_DC'],
    ['a\\b:c*d?e"f<g>h|i', 'a_b_c_d_e_f_g_h_i'],
    ['R.E.M.', 'R.E.M'],
    ['ends in space ', 'ends in space'],
    ['dots ... ', 'dots'],
    ['.38 Special', '_38 Special'],
    ['..', 'None'],
    ['../../etc', '__.._etc'],
    ['CON', '_CON'],
    ['con.flac', '_con.flac'],
    ['COM¹', '_COM¹'],
    ['Lpt9.x', '_Lpt9.x'],
    ['Console', 'Console'],
    ['tab\tnew\nline\u0000', 'tabnewline'],
    ['Björk'.normalize('NFD'), 'Björk'.normalize('NFC')],
    ['\ud800broken', '\ufffdbroken'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['???', 'None'],
    ['!!!', '!!!'],
    ['坂本 龍一', '坂本 龍一'],
  ])('%j becomes %j', (text, safe) => {
    expect(name(text)).toBe(safe);
  });

  it('is cut between characters as people see them', () => {
    const family = '👨‍👩‍👧';
    expect(safeName(family.repeat(20), { empty: '', longest: 40 })).toBe(family.repeat(2));
  });

  it('is safe whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const safe = name(text);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
        expect(safe).not.toMatch(/[/\\:*?"<>|\p{Cc}]|^\.|[. ]$|^$/u);
        expect(safe.isWellFormed()).toBe(true);
        expect(safe.split('.')[0]).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/i);
        expect(name(safe)).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });
});
