import type { ProviderHealth } from '@pidentify/contracts';
import { median } from '../median.ts';

/** What the Health page tells of a provider's answers: the last one, and how long the last `most` took. */
export function createAnswers(most: number) {
  let last: ProviderHealth['last_answer'] = null;
  let tookMs: number[] = [];

  return {
    /** `took`, ms; null: it does not count. */
    add(answer: NonNullable<typeof last>, took: number | null): void {
      last = answer;
      if (took !== null) tookMs = [...tookMs.slice(1 - most), took];
    },
    health: () => ({ last_answer: last, median_ms: tookMs.length ? Math.round(median(tookMs)) : null }),
  };
}
