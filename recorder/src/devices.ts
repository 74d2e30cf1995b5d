import type { Device } from '@pidentify/contracts';
import type { InputInfo } from '@pidentify/platform';

/** The inputs as the settings page lists them, and as the old program's did. */
export function toDevices(inputs: readonly InputInfo[], defaultName: string | null): Device[] {
  return inputs.map(({ name, description, sampleRate, channels, isMonitor }, index) => ({
    id: name,
    name,
    index,
    max_input_channels: channels,
    default_samplerate: sampleRate,
    description,
    is_monitor: isMonitor,
    is_default: name === defaultName,
  }));
}
