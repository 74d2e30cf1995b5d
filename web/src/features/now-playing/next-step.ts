import { type Health, listenPhaseText, type Status } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { clockText } from '../../ui/format.ts';

/** What it does now, and what comes next; `next` is null when nothing is planned. */
export type NextStep = { now: string; next: string | null };

/** In words, with the countdown to the next scan or to the end of this one. `now` in ms. */
export function nextStep({ status, now }: { status: Status; now: number }): NextStep {
  const text = listenPhaseText[status.phase];
  const { answerIn, answerSoon, nextScanIn, nextScanSoon, known, notKnown } = sentences.listening;
  if (status.phase === 'scanning' && status.scan_ends) {
    const seconds = secondsUntil(status.scan_ends, now);
    return { now: text, next: seconds > 0 ? answerIn(clockText(seconds)) : answerSoon };
  }
  if (status.phase === 'resting' && status.next_scan) {
    const seconds = secondsUntil(status.next_scan, now);
    return {
      now: status.track ? known : notKnown,
      next: seconds > 0 ? nextScanIn(clockText(seconds)) : nextScanSoon,
    };
  }
  // The page's heading says so already.
  if (status.phase === 'waiting' && status.side?.finished) return { now: text, next: null };
  const message = status.message.trim();
  return { now: text, next: message && message !== text ? message : null };
}

const secondsUntil = (instant: string, now: number) => Math.ceil((Date.parse(instant) - now) / 1000);

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
