import {
  type InputHealth,
  type ListenPhase,
  listenPhaseText,
  type RecorderSnapshot,
} from '@pidentify/contracts';
import type { BeliefState } from './belief.ts';
import type { Sound } from './gate/gate.ts';
import type { Listening } from './listen.ts';

const noSound: Partial<Record<InputHealth['state'], ListenPhase>> = {
  opening: 'starting',
  none: 'no_input',
  unknown: 'no_input',
  failed: 'no_input',
  lost: 'no_input',
  ended: 'ended',
};

/** Why nobody is asked. */
const waitingFor: Readonly<Record<Sound, string>> = {
  quiet: 'Too quiet.',
  noise: 'Only groove noise.',
  hum: 'Only hum.',
  talk: 'Someone is talking.',
  music: listenPhaseText.waiting,
  swelling: listenPhaseText.waiting,
  unsure: listenPhaseText.waiting,
};

const instant = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);

/** What the recorder does and why, for people; the input's state comes before what is listened for. */
export function phaseOf(
  listening: Listening,
  input: InputHealth,
  belief: BeliefState,
  isSideFinished = false,
): Pick<RecorderSnapshot, 'phase' | 'message' | 'scan_ends' | 'next_scan'> {
  const without = noSound[input.state];
  if (without) {
    return {
      phase: without,
      message: input.message ?? listenPhaseText[without],
      scan_ends: null,
      next_scan: null,
    };
  }
  const { phase } = listening;
  return {
    phase,
    message: sentenceFor(listening, belief, isSideFinished),
    scan_ends: listening.phase === 'scanning' ? instant(listening.dueMs) : null,
    next_scan: listening.phase === 'resting' ? instant(listening.dueMs) : null,
  };
}

function sentenceFor(listening: Listening, belief: BeliefState, isSideFinished: boolean): string {
  if (listening.phase === 'waiting')
    return isSideFinished ? `Side finished. ${waitingFor[listening.why]}` : waitingFor[listening.why];
  return listening.phase === 'resting' && belief === 'none'
    ? 'This is not in your library; listens again shortly.'
    : listenPhaseText[listening.phase];
}
