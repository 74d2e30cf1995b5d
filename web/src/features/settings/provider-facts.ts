import type { ProviderHealth } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';

const words = sentences.settings;

/** With no calls a day it is off, which is no trouble. */
export const shownState = ({ state, budget }: ProviderHealth): ProviderHealth['state'] =>
  state === 'budget_used' && budget === 0 ? 'off' : state;

/**
 * How a provider is, in a few words each; `at` puts a moment into words. How many calls were made matters while more may
 * be, how fast it answers while it does.
 */
export function providerFacts(provider: ProviderHealth, at: (instant: string) => string): string[] {
  const { state, until, calls_today: calls, budget, median_ms: ms } = provider;
  if (state === 'budget_used' && budget === 0) return [words.providerNoCalls];
  const isCounted = state === 'ready' || state === 'waiting' || state === 'failing';
  return [
    words.providerState[state],
    ...(until === null ? [] : [words.providerAgain(at(until))]),
    ...(!isCounted || calls === null || budget === null ? [] : [words.providerCalls(calls, budget)]),
    ...(state !== 'ready' || ms === null ? [] : [words.providerTakes(ms)]),
  ];
}

/** Why it is not ready, as a sentence. */
export function detailText({ detail }: ProviderHealth): string | null {
  if (!detail) return null;
  const text = detail[0].toUpperCase() + detail.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What it said last; null where that is of no use: the user's own music is asked every few seconds. */
export function lastAnswerText(
  { name, last_answer: last, detail }: ProviderHealth,
  at: (instant: string) => string,
): string | null {
  if (!last || name === 'local') return null;
  const time = at(last.at);
  if (last.kind === 'match') return last.text && words.providerNamed(last.text, time);
  if (last.kind === 'no_match') return words.providerNoMatch(time);
  return last.text && last.text !== detail ? words.providerCouldNot(last.text, time) : null;
}
