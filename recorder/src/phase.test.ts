import { expect, it } from 'vitest';
import { phaseOf } from './phase.ts';

const input = { state: 'listening' } as Parameters<typeof phaseOf>[1];

it('says why nobody is asked, also when a side is finished', () => {
  const talk = { phase: 'waiting', why: 'talk' } as const;
  expect(phaseOf(talk, input, 'none').message).toBe('Someone is talking.');
  expect(phaseOf(talk, input, 'none', true).message).toBe('Side finished. Someone is talking.');
});
