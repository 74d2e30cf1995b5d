import { trackPatchSchema } from '@pidentify/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeEntries } from '../../../dev/fake-data.ts';
import { type EditFields, editOutcome, fieldsOf } from './edit-form.ts';

const entries = fakeEntries({ count: 2 });
const before = fieldsOf(entries.slice(0, 1));
const change = (after: Partial<EditFields>) =>
  editOutcome({ before, after: { ...before, ...after }, several: false });

describe('editing one entry', () => {
  test('starts with what is there', () => {
    expect(before).toEqual({
      title: 'Harbour Lights',
      artist: 'The Night Ferries',
      album: 'Slow Tide',
      duration: '4:05',
    });
  });

  test('sends only what differs', () => {
    expect(change({ artist: ' Ferries ' })).toEqual({ outcome: 'change', patch: { artist_name: 'Ferries' } });
    expect(change({})).toEqual({ outcome: 'nothing' });
    expect(change({ title: ' Harbour Lights ' })).toEqual({ outcome: 'nothing' });
  });

  test('clears a field that was emptied', () => {
    expect(change({ album: '', duration: '' })).toEqual({
      outcome: 'change',
      patch: { album_name: null, duration_seconds: null },
    });
  });

  test('wants a title and a readable duration', () => {
    expect(change({ title: '  ' })).toMatchObject({ outcome: 'wrong', field: 'title' });
    expect(change({ duration: 'four' })).toMatchObject({ outcome: 'wrong', field: 'duration' });
  });

  test('sends nothing that the contract refuses, whatever is typed', () => {
    const text = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(fc.record({ title: text, artist: text, album: text, duration: text }), (after) => {
        const result = editOutcome({ before, after, several: false });
        if (result.outcome === 'change') trackPatchSchema.parse(result.patch);
      }),
    );
  });
});

describe('editing several entries', () => {
  const empty = fieldsOf(entries);
  const changeAll = (after: Partial<EditFields>) =>
    editOutcome({ before: empty, after: { ...empty, ...after }, several: true });

  test('starts empty and leaves empty fields as they are', () => {
    expect(empty).toEqual({ title: '', artist: '', album: '', duration: '' });
    expect(changeAll({ album: 'Slow Tide' })).toEqual({
      outcome: 'change',
      patch: { album_name: 'Slow Tide' },
    });
    expect(changeAll({})).toEqual({ outcome: 'nothing' });
  });
});
