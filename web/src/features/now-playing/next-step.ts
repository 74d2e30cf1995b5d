import { type Health, listenPhaseText, type Status } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { clockText } from '../../ui/format.ts';

/** What it does now, and what comes next; `next` is null when nothing is planned. */
export type NextStep = { now: string; next: string | null };

/** In words, with the countdown to the next scan or to the end of this one. `now` in ms. */
export function nextStep({ status, now }: { status: Status; now: number }): NextStep {
  const text = listenPhaseText[status.phase];
  if (status.phase === 'scanning' && status.scan_ends) {
    return { now: text, next: sentences.listening.answerIn(remaining(status.scan_ends, now)) };
  }
  if (status.phase === 'resting' && status.next_scan) {
    return { now: text, next: sentences.listening.nextScanIn(remaining(status.next_scan, now)) };
  }
  const message = status.message.trim();
  return { now: text, next: message && message !== text ? message : null };
}

/** Time to go, rounded up; a moment that has passed is due any moment. */
function remaining(instant: string, now: number): string {
  const seconds = Math.ceil((Date.parse(instant) - now) / 1000);
  return seconds > 0 ? clockText(seconds) : sentences.listening.anyMoment;
}

/** True while a countdown or a progress has to move. */
export function isCounting(status: Status): boolean {
  return Boolean(status.track || status.scan_ends || status.next_scan);
}

type Advised = keyof typeof sentences.input.advice;

/** What is wrong with the input and what to do about it; null when it is fine or being opened. */
export function inputTrouble(input: Health['input']): { title: string; advice: string } | null {
  if (input.state === 'listening' || input.state === 'opening') return null;
  const state: Advised = input.state;
  return { title: sentences.input.state[state], advice: input.message || sentences.input.advice[state] };
}
