import { configSchema, type Settings } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';

/** Settings that are a number and nothing else. */
export type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];

/** How a stored value is shown, e.g. seconds as minutes, and back. */
export type Scale = { toShown: (stored: number) => number; toStored: (shown: number) => number };

export type NumberOutcome = { outcome: 'save'; stored: number } | { outcome: 'wrong'; message: string };

/**
 * What was typed, in the unit of the file. Out of range is told here, in the unit that is shown: the
 * server knows only the stored one.
 */
export function numberOutcome({
  name,
  typed,
  scale,
  unit,
}: {
  name: NumberKey;
  typed: string;
  scale: Scale;
  unit: string;
}): NumberOutcome {
  const shown = readNumber(typed);
  if (shown === null) return { outcome: 'wrong', message: sentences.settings.notANumber };
  const stored = scale.toStored(shown);
  const { minValue, maxValue } = configSchema.shape[name].unwrap();
  const least = minValue ?? Number.NEGATIVE_INFINITY;
  const most = maxValue ?? Number.POSITIVE_INFINITY;
  if (stored >= least && stored <= most) return { outcome: 'save', stored };
  const message = sentences.settings.outOfRange(scale.toShown(least), scale.toShown(most), unit);
  return { outcome: 'wrong', message };
}

/** Also with a comma, and with the minus sign that phones and pages write; null for anything else. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
