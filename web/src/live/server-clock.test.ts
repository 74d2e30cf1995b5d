import { describe, expect, test } from 'vitest';
import { createServerClock } from './server-clock.ts';

const at = (ms: number) => new Date(ms).toISOString();

describe("the server's clock", () => {
  test('is our own until it is known', () => {
    expect(createServerClock({ now: () => 5000 }).now()).toBe(5000);
  });

  test('is our own when they differ by no more than messages take', () => {
    const clock = createServerClock({ now: () => 10_000 });
    clock.heard(at(9200));
    expect(clock.now()).toBe(10_000);
  });

  test('is followed when ours is a minute ahead or behind', () => {
    let ours = 100_000;
    const clock = createServerClock({ now: () => ours });
    clock.heard(at(40_000));
    ours += 250;
    expect(clock.now()).toBe(40_250);
    const behind = createServerClock({ now: () => 100_000 });
    behind.heard(at(160_000));
    expect(behind.now()).toBe(160_000);
  });

  test('goes by the quickest of the last messages', () => {
    const clock = createServerClock({ now: () => 100_000 });
    clock.heard(at(30_000));
    clock.heard(at(40_000));
    clock.heard(at(37_000));
    expect(clock.now()).toBe(40_000);
  });

  test('forgets old messages, since our own clock may be set right', () => {
    let ours = 100_000;
    const clock = createServerClock({ now: () => ours });
    clock.heard(at(160_000));
    ours = 200_000;
    for (let count = 0; count < 25; count += 1) clock.heard(at(200_000));
    expect(clock.now()).toBe(200_000);
  });
});
