import { LEAST_SIGNIFICANCE } from '@pidentify/fingerprint';
import { type Answer, isRight } from './ask.ts';

export const LENGTHS = [2, 3, 5, 8, 10, 15];

/** Whether the engine would have spoken. */
export const isNamed = ({ best }: Answer, threshold = LEAST_SIGNIFICANCE.sound): boolean =>
  best !== null && best.significance >= threshold;

/** Percent of these clips that were named right: track, and place within half a second. */
export function recall(answers: readonly Answer[], threshold?: number): number {
  const right = answers.filter((answer) => isRight(answer) && isNamed(answer, threshold));
  return (100 * right.length) / answers.length;
}

/** Percent of these clips of the right track in the right place first, believed or not. */
export function rankedFirst(answers: readonly Answer[]): number {
  return (100 * answers.filter(isRight).length) / answers.length;
}

/** The conditions as the other engines were measured: a speed's two signs are one condition. */
export const conditionOf = ({ query }: Answer): string =>
  query.condition.replace(/^vinyl[-+]?([\d.]+)$/, (_, percent) => `vinyl ${percent}`);

export function byCondition(answers: readonly Answer[]): Map<string, Answer[]> {
  return Map.groupBy(answers, conditionOf);
}

/** The mean over conditions, each counting the same. */
export function meanRecall(answers: readonly Answer[]): number {
  const each = [...byCondition(answers).values()].map((some) => recall(some));
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

/** Names given to strangers, and wrong names given to what is in the index. */
export const falsePositives = (strangers: readonly Answer[], threshold?: number): Answer[] =>
  strangers.filter((answer) => isNamed(answer, threshold));

/** Another track was named; the right one in another place of itself (a repeat) is not meant. */
export const wrongTracks = (answers: readonly Answer[]): Answer[] =>
  answers.filter((answer) => isNamed(answer) && answer.best?.trackKey !== answer.query.track);

/** Errors of the measured speed in percent, of what was named right on a deck. */
export function speedErrors(answers: readonly Answer[]): number[] {
  return answers
    .filter((answer) => isRight(answer) && isNamed(answer) && answer.query.speed !== undefined)
    .map(({ query, best }) => 100 * Math.abs((best?.speed ?? 0) / (query.speed ?? 1) - 1));
}
