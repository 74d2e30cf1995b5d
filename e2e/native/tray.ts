import { z } from 'zod';
import { run } from '../program.ts';
import type { Desktop } from './desktop.ts';

/** An item of the tray's menu; a separator has no label. */
export type TrayItem = { id: number; label: string; enabled: boolean; checked: boolean };

const application = 'com.pidentify.app';
const variant = <T extends z.ZodType>(data: T) => z.object({ data });
const entrySchema = z.tuple([
  z.number(),
  z.object({
    label: variant(z.string()).optional(),
    enabled: variant(z.boolean()).optional(),
    'toggle-state': variant(z.number()).optional(),
  }),
  z.array(z.unknown()),
]);
const layoutSchema = z.object({
  data: z.tuple([z.number(), z.tuple([z.number(), z.unknown(), z.array(variant(entrySchema))])]),
});

const busctl = (desktop: Desktop, ...args: string[]): string =>
  run('env', [
    `DBUS_SESSION_BUS_ADDRESS=${desktop.env.DBUS_SESSION_BUS_ADDRESS}`,
    'busctl',
    '--user',
    '--json=short',
    ...args,
  ]);

/** Where the window's menu is on the bus, as a panel is told. Throws when there is none. */
function menuOf(desktop: Desktop): string[] {
  const path = busctl(desktop, 'tree', '--list', application)
    .split('\n')
    .find((line) => line.endsWith('/Menu'));
  if (!path) throw new Error('The window has put no menu on the bus.');
  return [application, path, 'com.canonical.dbusmenu'];
}

/** What a panel would show, from top to bottom. */
export function trayItems(desktop: Desktop): TrayItem[] {
  const answer = busctl(desktop, 'call', ...menuOf(desktop), 'GetLayout', 'iias', '0', '--', '-1', '0');
  const [, [, , entries]] = layoutSchema.parse(JSON.parse(answer)).data;
  return entries.map(({ data: [id, { label, enabled, 'toggle-state': toggle }] }) => ({
    id,
    label: label?.data ?? '',
    enabled: enabled?.data ?? true,
    checked: toggle?.data === 1,
  }));
}

/** As a click on the item with this label. */
export function chooseInTray(desktop: Desktop, label: string): void {
  const chosen = trayItems(desktop).find((one) => one.label === label);
  if (!chosen) throw new Error(`The tray has no item "${label}".`);
  busctl(desktop, 'call', ...menuOf(desktop), 'Event', 'isvu', String(chosen.id), 'clicked', 's', '', '0');
}

const historySchema = z.object({
  data: z.array(z.array(z.object({ summary: variant(z.string()), body: variant(z.string()) }))),
});

/** Notifications that have been shown and put away: of each its title and text. */
export function notifications(desktop: Desktop): { title: string; text: string }[] {
  const env = ['DISPLAY', 'DBUS_SESSION_BUS_ADDRESS'].map((name) => `${name}=${desktop.env[name]}`);
  const dunstctl = (...args: string[]) => run('env', [...env, 'dunstctl', ...args]);
  dunstctl('close-all');
  return historySchema
    .parse(JSON.parse(dunstctl('history')))
    .data.flat()
    .map(({ summary, body }) => ({ title: summary.data, text: body.data }));
}
