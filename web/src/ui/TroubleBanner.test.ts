import { expect, test } from 'vitest';
import { fakeHealth } from '../../dev/fake-data.ts';
import { serviceTrouble } from './TroubleBanner.tsx';

test('nothing is said while all parts run', () => {
  expect(serviceTrouble(fakeHealth())).toBeNull();
});

test('a part that does not run is named', () => {
  const health = fakeHealth();
  health.services[2].state = 'restarting';
  expect(serviceTrouble(health)).toBe('Recorder: restarting.');
});

test('a bus run by others is no trouble, one out of reach is', () => {
  const health = fakeHealth();
  health.services[0].state = 'external';
  expect(serviceTrouble(health)).toBeNull();
  expect(serviceTrouble({ ...health, bus: 'connecting' })).toContain('finding each other');
});
