import type {
  Health,
  IndexHealth,
  InputHealth,
  RecorderSnapshot,
  ServiceHealth,
  ShellState,
} from '@pidentify/contracts';
import { type RecorderPresence, recorderGoneText } from './status.ts';

const noInput: InputHealth = { state: 'opening', name: null, sampleRate: null, channels: null, level: null };
const noIndex: IndexHealth = { state: 'starting', tracks: 0, hours: 0, progress: 0 };

/** `degraded` says that a part is missing or out of reach; inputs and index have states of their own. */
export function healthOf({
  version,
  bus,
  presence,
  snapshot,
  rms,
  services,
  warnings,
  window,
  givenInput,
}: {
  version: string;
  bus: Health['bus'];
  presence: RecorderPresence;
  snapshot: RecorderSnapshot | null;
  rms: number | null;
  services: readonly ServiceHealth[];
  warnings: readonly string[];
  window: ShellState | null;
  givenInput: string | null;
}): Health {
  const present = presence === 'present' ? snapshot : null;
  const allRun = services.every(({ state }) => state === 'running' || state === 'external');
  const message = presence === 'gone' ? recorderGoneText : null;
  return {
    status: bus === 'connected' && present && allRun ? 'ok' : 'degraded',
    service: 'pidentify',
    version,
    services: [...services],
    input: {
      ...(present ? withLevel(present.input, rms) : { ...noInput, message }),
      given: givenInput,
    },
    index: present ? present.index : noIndex,
    providers: present?.providers ?? [],
    bus,
    warnings: [...warnings, ...(present?.warnings ?? [])],
    window,
  };
}

/** Levels come more often than the rest, and mean nothing once the input is gone. */
function withLevel(input: InputHealth, rms: number | null): InputHealth {
  return input.state === 'listening' ? { ...input, level: rms ?? input.level } : { ...input, level: null };
}
