import type { Bus } from '@pidentify/bus';
import {
  devicesSchema,
  type OnlineProvider,
  PidentifyError,
  settingsPatchSchema,
  settingsSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import type { App } from '../http/app.ts';
import type { SettingsKeeper } from './settings.ts';

/** Opening every input takes a sound server a while. */
const devicesTimeoutMs = 10_000;

/** /api/settings: reading and changing config.yaml, and what can be chosen there. */
export function settingsRoutes(
  app: App,
  { settings, bus, changed }: { settings: SettingsKeeper; bus: Bus; changed: () => void },
): void {
  const response = { 200: settingsSchema };

  app.get('/api/settings', { schema: { response } }, async () => settings.settings());

  app.patch('/api/settings', { schema: { body: z.unknown(), response } }, async ({ body }) => {
    const patch = settingsPatchSchema.safeParse(body);
    if (!patch.success) throw new PidentifyError('setting_invalid', problemsOf(patch.error));
    const answer = await settings.patch(patch.data);
    changed();
    return answer;
  });

  app.get('/api/settings/devices', { schema: { response: { 200: devicesSchema } } }, async () =>
    bus.ask('recorder.devices', {}, { timeoutMs: devicesTimeoutMs }),
  );

  // What the old client offers for `music_id_plugin`: the service that is asked first.
  app.get(
    '/api/settings/music-id-plugins',
    { schema: { response: { 200: z.array(z.string()) } } },
    async () => ['audd', 'acrcloud'] satisfies OnlineProvider[],
  );
}

function problemsOf(error: z.ZodError): string {
  const sentences = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')}: is not a setting.`
      : `${issue.path.join('.') || 'The body'}: ${issue.message}.`,
  );
  return sentences.join(' ').slice(0, 1000);
}
