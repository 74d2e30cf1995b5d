import type { RecorderSnapshot, ServiceHealth } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { snapshotOf } from '../testing/rig.ts';
import { type Presence, watchPresence } from './presence.ts';

const snapshot = snapshotOf();
const recorder = (state: ServiceHealth['state']): ServiceHealth[] => [
  { name: 'recorder', state, pid: null, restarts: 0, since: '2026-11-22T10:00:00.000Z' },
];

describe('watchPresence', () => {
  let value: RecorderSnapshot | null | Error;
  let seen: string[];
  let presence: Presence;

  beforeEach(() => {
    vi.useFakeTimers();
    value = snapshot;
    seen = [];
    const getValue = async () => {
      if (value instanceof Error) throw value;
      return value;
    };
    presence = watchPresence({
      bus: { getValue: getValue as never },
      found: () => seen.push('found'),
      gone: () => seen.push('gone'),
    });
  });
  afterEach(() => {
    presence.close();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('a recorder that says nothing is there for as long as its value is', async () => {
    await pass(25_000);
    expect(seen).toEqual(['found', 'found']);
    value = null;
    await pass(10_000);
    expect(seen.at(-1)).toBe('gone');
  });

  it('signs of life keep it from looking', async () => {
    for (let second = 0; second < 60; second += 1) {
      await pass(1_000);
      presence.sign();
    }
    expect(seen).toEqual([]);
  });

  it('is gone after ten seconds when the supervisor says that it does not run', async () => {
    presence.services(recorder('restarting'));
    await pass(9_900);
    expect(seen).toEqual([]);
    await pass(200);
    expect(seen).toEqual(['gone']);
  });

  it('is gone when the bus has been away so long, and found when both are back', async () => {
    value = new Error('bus_unavailable');
    await pass(10_100);
    expect(seen).toEqual(['gone']);
    value = snapshot;
    await presence.look();
    expect(seen).toEqual(['gone', 'found']);
    await pass(10_100);
    expect(seen.at(-1)).toBe('found');
  });
});
