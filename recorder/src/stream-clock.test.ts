import { describe, expect, it } from 'vitest';
import { createStreamClock } from './stream-clock.ts';

describe('stream clock', () => {
  it('knows no time before the first block', () => {
    expect(createStreamClock(48_000).originMs()).toBeNaN();
  });

  it('takes the earliest arrival, because blocks can only be late', () => {
    const clock = createStreamClock(1000);
    clock.observe(100, 1_000_150);
    clock.observe(200, 1_000_203);
    clock.observe(300, 1_000_390);
    expect(clock.originMs()).toBe(1_000_003);
  });

  it('follows a sound card whose clock is 200 ppm slow to within 30 ms over an hour', () => {
    const clock = createStreamClock(1000);
    for (let second = 1; second <= 3600; second += 1) {
      clock.observe(second * 1000 * 0.9998, second * 1000 + ((second * 7) % 40));
    }
    const lastFrameMs = clock.originMs() + 3600 * 1000 * 0.9998;
    expect(Math.abs(lastFrameMs - 3_600_000)).toBeLessThan(30);
  });
});
