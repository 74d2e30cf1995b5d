import { silentInputs } from './capture.elsewhere.ts';
import { pulseInputs } from './capture.linux.ts';
import type { Environment, Platform } from './host.ts';
import type { Inputs } from './input.ts';

/** The inputs of this machine. On macOS and Windows there are none yet: sound files are the way there. */
export function systemInputs(host: { platform: Platform; env: Environment; home: string }): Inputs {
  return host.platform === 'linux' ? pulseInputs(host) : silentInputs(host.platform);
}
