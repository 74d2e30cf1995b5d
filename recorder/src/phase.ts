import {
  type InputHealth,
  type ListenPhase,
  listenPhaseText,
  type RecorderSnapshot,
} from '@pidentify/contracts';
import type { BeliefState } from './belief.ts';
import type { Listening } from './listen.ts';

const noSound: Partial<Record<InputHealth['state'], ListenPhase>> = {
  opening: 'starting',
  none: 'no_input',
  unknown: 'no_input',
  failed: 'no_input',
  lost: 'no_input',
  ended: 'ended',
};

const instant = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);

/** What the recorder does and why, for people; the input's state comes before what is listened for. */
export function phaseOf(
  listening: Listening,
  input: InputHealth,
  belief: BeliefState,
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
  const message =
    phase === 'resting' && belief === 'none'
      ? 'This is not in your library; listens again shortly.'
      : listenPhaseText[phase];
  return {
    phase,
    message,
    scan_ends: listening.phase === 'scanning' ? instant(listening.dueMs) : null,
    next_scan: listening.phase === 'resting' ? instant(listening.dueMs) : null,
  };
}
