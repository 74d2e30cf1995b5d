import { expect, it } from 'vitest';
import { mixToMono } from './mono.ts';

it('takes the mean of all channels', () => {
  const planar = [Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1)];
  expect([...mixToMono(planar, new Float32Array(8))]).toEqual([0.5, 0.25, -1]);
});

it('copies a single channel and leaves the source alone', () => {
  const channel = Float32Array.of(0.25, -0.5);
  const mono = mixToMono([channel], new Float32Array(2));
  expect([...mono]).toEqual([0.25, -0.5]);
  expect(mono.buffer).not.toBe(channel.buffer);
});
