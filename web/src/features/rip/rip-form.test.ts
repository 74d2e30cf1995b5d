import { saveRequestSchema } from '@pidentify/contracts';
import { describe, expect, test } from 'vitest';
import { fakeEntries } from '../../../dev/fake-data.ts';
import { fieldsOf, type RipFields, saveOutcome } from './rip-form.ts';

const fields = fieldsOf(fakeEntries({ count: 1 })[0]);
const outcome = (change: Partial<RipFields>) =>
  saveOutcome({ fields: { ...fields, ...change }, selection: { start: 30, end: 270 }, duration: 300 });

describe('the form of a save', () => {
  test('makes a request that the contract knows', () => {
    const result = outcome({ title: ' Harbour Lights ' });
    expect(result).toMatchObject({ outcome: 'save' });
    if (result.outcome !== 'save') return;
    expect(saveRequestSchema.parse(result.save)).toEqual({
      track_name: 'Harbour Lights',
      track_no: 1,
      album_name: 'Slow Tide',
      artist_name: 'The Night Ferries',
      start_offset: 30,
      end_offset: 30,
      track_image: '/api/artwork/fake-0.svg',
    });
  });

  test('takes 1 for a missing track number', () => {
    expect(outcome({ trackNo: ' ' })).toMatchObject({ outcome: 'save', save: { track_no: 1 } });
  });

  test('wants a title', () => {
    expect(outcome({ title: ' ' })).toMatchObject({ outcome: 'wrong', field: 'title' });
  });

  test.each(['-1', '1.5', '12345', 'A1', '1e3'])('refuses %s as a track number', (trackNo) => {
    expect(outcome({ trackNo })).toMatchObject({ outcome: 'wrong', field: 'trackNo' });
  });

  test('is empty for an entry that is gone', () => {
    expect(fieldsOf(null)).toEqual({ title: '', artist: '', album: '', trackNo: '1', cover: null });
  });
});
