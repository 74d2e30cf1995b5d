import type { UnknownGroup } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { sinceText } from '../../ui/format.ts';

const shown = 3;

/** The last times that it was heard, and how many there are besides. */
export function timesTexts({ hearings, times_heard }: UnknownGroup, now: number): string[] {
  const times = hearings.slice(0, shown).map(({ started_at }) => sinceText(started_at, now));
  const more = times_heard - times.length;
  return [...times, ...(more > 0 ? [sentences.unknown.andMore(more)] : [])];
}
