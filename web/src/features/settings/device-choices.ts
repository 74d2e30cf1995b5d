import type { Device } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';

type Choice = { value: string; label: string };
export type DeviceChoices = ({ group: string; items: Choice[] } | Choice)[];

const words = sentences.settings;

/**
 * The inputs as choices: the system's default first, then sockets, then what this computer plays. A
 * chosen input that is not connected stays in the list, marked.
 */
export function deviceChoices({
  devices,
  chosen,
}: {
  devices: readonly Device[];
  chosen: string;
}): DeviceChoices {
  const standard = devices.find((device) => device.is_default);
  const label = standard ? `${words.deviceDefault} (${nameOf(standard)})` : words.deviceDefault;
  const gone = chosen !== '' && !devices.some(({ id }) => id === chosen);
  const groups = [
    { group: words.inputs, items: devices.filter((device) => !device.is_monitor).map(choiceOf) },
    { group: words.monitors, items: devices.filter((device) => device.is_monitor).map(choiceOf) },
  ];
  return [
    { value: 'default', label },
    ...(gone ? [{ value: `id:${chosen}`, label: `${chosen} (${words.deviceGone})` }] : []),
    ...groups.filter(({ items }) => items.length > 0),
  ];
}

const nameOf = ({ description, name }: Device) => description || name;
const choiceOf = (device: Device): Choice => ({ value: `id:${device.id}`, label: nameOf(device) });
