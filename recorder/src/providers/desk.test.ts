import { expect, it, vi } from 'vitest';
import { createDesk } from './desk.ts';
import { createGate } from './limits.ts';

it('asks nothing once the limits no longer let it, whoever looked before', async () => {
  const gate = createGate({
    budget: () => 1,
    bucket: { most: 10, everyMs: 1000 },
    random: () => 0.5,
    recalled: null,
    remember: () => undefined,
  });
  const desk = createDesk({ limitMs: 1000, gate, now: () => 0, onAnswer: () => undefined });
  const question = vi.fn(async () => ({ kind: 'no_match' as const }));
  const cancel = new AbortController().signal;
  expect(desk.mayAsk()).toBe(true);
  // Two who both were told that they may.
  const answers = await Promise.all([desk.ask(question, cancel), desk.ask(question, cancel)]);
  expect(answers).toEqual([{ kind: 'no_match' }, null]);
  expect(question).toHaveBeenCalledTimes(1);
  expect(gate.callsToday(0)).toBe(1);
});
