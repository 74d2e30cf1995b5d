import type { Entry } from '@pidentify/contracts';
import { describe, expect, test } from 'vitest';
import { fakeEntries } from '../../../dev/fake-data.ts';
import { groupByDay, saveState } from './group.ts';

const [sample] = fakeEntries({ count: 1 });
const playedOn = (id: string, day: number, hour: number): Entry => ({
  ...sample,
  entry_id: id,
  started_at: new Date(2026, 10, day, hour).toISOString(),
  saved_temp_buffer: false,
  saved_to_library: false,
});
const now = new Date(2026, 10, 22, 15).getTime();

describe('history by day', () => {
  test('puts plays of one day together, in the order given', () => {
    const entries = [playedOn('a', 22, 10), playedOn('b', 22, 1), playedOn('c', 21, 23)];
    const days = groupByDay({ entries, now });
    expect(days.map(({ title, entries }) => [title, entries.map(({ entry_id }) => entry_id)])).toEqual([
      ['Today', ['a', 'b']],
      ['Yesterday', ['c']],
    ]);
  });

  test('keeps an entry once that came on two pages', () => {
    const entries = [playedOn('a', 22, 10), playedOn('b', 22, 9), playedOn('b', 22, 9)];
    expect(groupByDay({ entries, now })[0].entries).toHaveLength(2);
  });

  test('goes by the detection where the start is not known', () => {
    const entry = {
      ...playedOn('a', 22, 10),
      started_at: null,
      detected_at: new Date(2026, 10, 21).toISOString(),
    };
    expect(groupByDay({ entries: [entry], now })[0].title).toBe('Yesterday');
  });
});

describe('whether an entry can be saved', () => {
  const bufferSeconds = 720;
  const state = (change: Partial<Entry>) =>
    saveState({ entry: { ...playedOn('a', 22, 10), ...change }, bufferSeconds, now });
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

  test('depends on how long ago it played', () => {
    expect(state({ started_at: ago(700) })).toBe('in_buffer');
    expect(state({ started_at: ago(740) })).toBe('gone');
  });

  test('does not once it has been cut or saved', () => {
    expect(state({ started_at: ago(9000), saved_temp_buffer: true })).toBe('cut');
    expect(state({ started_at: ago(9000), saved_temp_buffer: true, saved_to_library: true })).toBe(
      'in_library',
    );
  });

  test('needs a start', () => {
    expect(state({ started_at: null })).toBe('gone');
  });
});
