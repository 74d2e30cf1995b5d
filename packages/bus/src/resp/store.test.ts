import { describe, expect, it } from 'vitest';
import { ValueStore } from './store.ts';

describe('ValueStore', () => {
  it('forgets a value when its time is over', () => {
    let now = 0;
    const store = new ValueStore(() => now);
    store.set('a', 'one', 100);
    now = 99;
    expect(store.get('a')).toBe('one');
    now = 100;
    expect(store.get('a')).toBeNull();
  });

  it('refuses what there is no room for, and makes room from what has expired', () => {
    let now = 0;
    const store = new ValueStore(() => now);
    const megabyte = 'x'.repeat(1 << 20);
    for (let key = 0; key < 15; key += 1) expect(store.set(`old-${key}`, megabyte, 100)).toBe(true);
    expect(store.set('a', megabyte, 100)).toBe(false);
    now = 100;
    expect(store.set('a', megabyte, 100)).toBe(true);
  });
});
