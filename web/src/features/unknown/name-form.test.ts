import { describe, expect, test } from 'vitest';
import { fakeEntries } from '../../../dev/fake-data.ts';
import { emptyNames, nameOutcome, suggestionsOf } from './name-form.ts';

describe('the names of an unknown track', () => {
  test('need a title, and nothing else', () => {
    expect(nameOutcome({ ...emptyNames, title: '  ' })).toMatchObject({ outcome: 'wrong', field: 'title' });
    expect(nameOutcome({ ...emptyNames, title: ' Song ' })).toEqual({
      outcome: 'names',
      names: { track_name: 'Song', artist_name: null, album_name: null, track_no: null },
    });
  });

  test('may have a number that is one', () => {
    for (const trackNo of ['0', '1.5', 'two', '10000'])
      expect(nameOutcome({ ...emptyNames, title: 'x', trackNo })).toMatchObject({ field: 'trackNo' });
    expect(nameOutcome({ ...emptyNames, title: 'x', trackNo: ' 7 ' })).toMatchObject({
      names: { track_no: 7 },
    });
  });

  test('are suggested from the history, albums of the artist that is typed first', () => {
    const entries = fakeEntries({ count: 24 });
    expect(suggestionsOf(entries, '').artists).toContain('Dial Tone');
    expect(suggestionsOf(entries, 'dial tone').albums).toEqual(['Exchange']);
    expect(suggestionsOf(entries, 'nobody').albums.length).toBeGreaterThan(3);
    expect(suggestionsOf([], '')).toEqual({ artists: [], albums: [] });
  });
});
