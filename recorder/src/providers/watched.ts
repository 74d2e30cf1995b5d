import type { ProviderHealth } from '@pidentify/contracts';
import type { Provider } from '../identify.ts';
import { median } from './desk.ts';

/** It answers every few seconds; its health is told when the kind of answer changes, and now and then. */
const tellEveryMs = 30_000;
const latencies = 50;

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
  let last: ProviderHealth['last_answer'] = null;
  let tookMs: number[] = [];
  let toldMs = Number.NEGATIVE_INFINITY;

  return {
    ...provider,
    async identify(sound, signal, circumstances) {
      const beganMs = now();
      const answer = await provider.identify(sound, signal, circumstances);
      const atMs = now();
      tookMs = [...tookMs.slice(1 - latencies), atMs - beganMs];
      const changed = answer.kind !== last?.kind;
      const text = answer.kind === 'cannot_tell' ? answer.why : null;
      last = { at: new Date(atMs).toISOString(), kind: answer.kind, text };
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
      last_answer: last,
      median_ms: median(tookMs),
    }),
  };
}
