import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { Bus } from '@pidentify/bus';
import {
  chosenFolderAnswerSchema,
  envelopeSchema,
  PidentifyError,
  type ShellRequest,
  type WindowWish,
  windowWishSchema,
} from '@pidentify/contracts';
import { done } from '../http/answer.ts';
import type { App } from '../http/app.ts';
import { patientAnswer } from '../http/patient-answer.ts';
import { onlyThisComputer } from '../http/this-computer.ts';

const timeoutMs = 3_000;
/** A dialog stays open as long as a person likes; nobody looks at one for longer. */
const dialogMs = 24 * 3_600_000;

type WindowFolders = Record<Extract<WindowWish, { wish: 'open' }>['folder'], string>;

/**
 * What a person wants of the native window.
 * @throws not_this_computer, no_window, not_found, bus_unavailable, bus_timeout
 */
export function windowRoutes(app: App, { bus, folders }: { bus: Bus; folders: WindowFolders }): void {
  const schema = { body: windowWishSchema, response: { 200: envelopeSchema } };
  app.post('/api/window', { schema, onRequest: onlyThisComputer }, async ({ body }) => {
    await bus.ask('supervisor.window', await requestOf(body, folders), { timeoutMs });
    return done('The window was told.');
  });

  const choosing = { schema: { response: { 200: chosenFolderAnswerSchema } }, onRequest: onlyThisComputer };
  app.post('/api/window/folder', choosing, async (_, reply) => {
    // Most people have their music beside what we save.
    const from = dirname(folders.music);
    const asked = bus
      .ask('supervisor.choose-folder', { from }, { timeoutMs: dialogMs })
      .then((data) => ({ ...done(data.path ? 'A folder was chosen.' : 'No folder was chosen.'), data }));
    reply.type('application/json; charset=utf-8');
    return patientAnswer({ asked, schema: chosenFolderAnswerSchema });
  });
}

async function requestOf(wish: WindowWish, folders: WindowFolders): Promise<ShellRequest> {
  switch (wish.wish) {
    case 'open':
      return { kind: 'open_path', path: folders[wish.folder] };
    case 'show_saved':
      return { kind: 'open_path', path: await fileInside(folders.music, wish.path) };
    case 'set_autostart':
    case 'set_close_to_tray':
      return { kind: wish.wish, enabled: wish.enabled };
    default:
      return { kind: wish.wish };
  }
}

/** Full path of a file that is there and, its links followed, lies inside the folder. */
async function fileInside(folder: string, path: string): Promise<string> {
  const [inside, file] = await Promise.all([folder, resolve(folder, path)].map(followed));
  if (!inside || !file?.startsWith(inside + sep)) throw new PidentifyError('not_found');
  return file;
}

async function followed(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null; // what cannot be followed is not there, for whatever reason
  }
}
