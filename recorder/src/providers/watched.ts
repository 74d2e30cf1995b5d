import type { ProviderHealth } from '@pidentify/contracts';
import type { Provider } from '../identify.ts';
import { iso } from '../iso.ts';
import { createAnswers } from './answers.ts';

/** It answers every few seconds; its health is told when the kind of answer changes, and now and then. */
const tellEveryMs = 30_000;

/** The user's own music as a provider whose answers are looked at; it needs no limits. */
export function watched({
  provider,
  now,
  onHealth,
}: {
  provider: Provider;
  now(): number;
  onHealth(): void;
}): Provider & { health(): ProviderHealth } {
  const answers = createAnswers(50);
  let toldMs = Number.NEGATIVE_INFINITY;

  return {
    ...provider,
    async identify(sound, signal, circumstances) {
      const beganMs = now();
      const answer = await provider.identify(sound, signal, circumstances);
      const atMs = now();
      const { kind } = answer;
      const changed = kind !== answers.health().last_answer?.kind;
      answers.add({ at: iso(atMs), kind, text: kind === 'cannot_tell' ? answer.why : null }, atMs - beganMs);
      if (changed || atMs - toldMs >= tellEveryMs) {
        toldMs = atMs;
        onHealth();
      }
      return answer;
    },
    health: () => ({
      name: 'local',
      state: 'ready',
      detail: null,
      until: null,
      calls_today: null,
      budget: null,
      ...answers.health(),
    }),
  };
}
