import { describe, expect, it } from 'vitest';
import { createRestartPolicy } from './restart-policy.ts';

/** Deaths one after the other, each after a life of `ranMs` and the pause it was given. */
function die(times: number, ranMs: number) {
  let now = 0;
  const policy = createRestartPolicy(() => now);
  const pauses: (number | null)[] = [];
  for (let death = 0; death < times; death += 1) {
    now += ranMs;
    const pause = policy.afterDeath(ranMs);
    pauses.push(pause);
    now += pause ?? 0;
  }
  return { policy, pauses };
}

describe('createRestartPolicy', () => {
  it('waits longer each time and gives up after eight deaths', () => {
    expect(die(8, 100).pauses).toEqual([100, 500, 1_000, 2_000, 5_000, 5_000, 5_000, null]);
  });

  it('never gives up one that runs for a minute each time', () => {
    expect(die(20, 60_000).pauses).toEqual(Array(20).fill(100));
  });

  it('forgets deaths that are two minutes old', () => {
    expect(die(30, 40_000).pauses).not.toContain(null);
  });

  it('begins anew when told to', () => {
    const { policy } = die(8, 100);
    policy.reset();
    expect(policy.afterDeath(100)).toBe(100);
  });
});
