import { entrySchema } from '@pidentify/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiId, apiTime, storedId, timeToStore } from '../database/encoding.ts';
import { type EntryRow, entryOf } from './entry.ts';

const row: EntryRow = {
  entry_id: '0a1b2c3d4e5f40718293a4b5c6d7e8f9',
  track_guid: 'ffeeddccbbaa49988776655443322110',
  detected_at: '2026-11-22 10:00:20.123456',
  started_at: null,
  ended_at: null,
  is_manual: 0,
  inferred: 0,
  saved_temp_buffer: 0,
  saved_to_library: 0,
  revision: 1,
  speed: 1,
  taken_back_at: null,
  track_name: 'A',
  artist_name: null,
  album_name: null,
  track_no: null,
  label: null,
  released: null,
  track_image: null,
  artist_image: null,
  duration_seconds: null,
  last_fm: null,
  file_path: null,
  is_edited: 0,
};

describe('entryOf', () => {
  it('leaves out what does not fit', () => {
    const odd = {
      ...row,
      track_no: '7',
      duration_seconds: 'long',
      last_fm: 'null',
      label: 5,
    } as unknown as EntryRow;
    expect(entryOf(odd).track).toMatchObject({
      track_no: 7,
      duration_seconds: null,
      last_fm: null,
      label: '5',
    });
    const undated = { ...row, detected_at: 'yesterday' };
    expect(entryOf(undated).detected_at).toBe('1970-01-01T00:00:00.000Z');
  });

  it('keeps to the contract whatever an old database holds', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.constant(null),
      fc.constantFrom('{}', '[]', '{"a":', '2026-99-99 10:00:00', '2026-11-22 10:00', 'x'.repeat(5000)),
    );
    const columns = Object.keys(row).filter((key) => !['entry_id', 'track_guid'].includes(key));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...columns), cell), (cells) => {
        entrySchema.parse(entryOf({ ...row, ...cells } as unknown as EntryRow));
      }),
      { numRuns: 500 },
    );
  });
});

describe('times and ids', () => {
  it('a time is stored as the old program stores it', () => {
    expect(timeToStore('2026-11-22T12:00:20.5+02:00')).toBe('2026-11-22 10:00:20.500000');
    expect(apiTime('2026-11-22 10:00:20')).toBe('2026-11-22T10:00:20.000Z');
    expect(apiTime('2026-11-22 10:00:20.000001')).toBe('2026-11-22T10:00:20.000Z');
  });

  it('what is stored comes back', () => {
    const moments = fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.uuid(), (moment, id) => {
        expect(apiTime(timeToStore(moment.toISOString()))).toBe(moment.toISOString());
        expect(apiId(storedId(id.toUpperCase()))).toBe(id);
      }),
    );
  });
});
