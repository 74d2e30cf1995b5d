import { z } from 'zod';
import { envelopeOf } from './history.ts';
import { uuidSchema } from './time.ts';

/**
 * What the page wants from the system: page -> API -> supervisor -> shell. Twin: `ShellRequest` in
 * src-tauri/shell-logic/src/events.rs.
 */
export const shellRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('notify'), title: z.string(), body: z.string() }),
  /** An absolute path: a folder is opened, a file is shown in its folder, nothing is run. */
  z.object({ kind: z.literal('open_path'), path: z.string().min(1) }),
  /**
   * Opens the system's dialog in the folder `from`; `folder_chosen` with the same id answers when it is closed. One
   * that is open already stays, and answers the newest id alone.
   */
  z.object({ kind: z.literal('choose_folder'), id: uuidSchema, from: z.string().min(1) }),
  z.object({ kind: z.literal('set_autostart'), enabled: z.boolean() }),
  z.object({ kind: z.literal('set_close_to_tray'), enabled: z.boolean() }),
  z.object({ kind: z.literal('check_update') }),
  /** Stops the services, installs what `check_update` found, starts anew. */
  z.object({ kind: z.literal('install_update') }),
  /** What the tray shows; sent whenever a part of it changes. */
  z.object({ kind: z.literal('tray'), nowPlaying: z.string().nullable(), listening: z.boolean() }),
  z.object({ kind: z.literal('quit') }),
]);
export type ShellRequest = z.infer<typeof shellRequestSchema>;

/**
 * `unavailable`: this build does not update itself; `unknown`: not asked yet; `current`: there is nothing
 * newer.
 */
export const updateStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unavailable') }),
  z.object({ state: z.literal('unknown') }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('current') }),
  z.object({ state: z.literal('available'), version: z.string(), notes: z.string().nullable() }),
  z.object({ state: z.literal('installing'), version: z.string() }),
  z.object({ state: z.literal('failed'), message: z.string() }),
]);

/** What the page may offer of the system, and how it stands. */
export const shellStateSchema = z.object({
  /** False where the system has no tray. */
  tray: z.boolean(),
  autostart: z.boolean(),
  closeToTray: z.boolean(),
  update: updateStateSchema,
});
export type ShellState = z.infer<typeof shellStateSchema>;

/**
 * What the shell may write beside `supervisorCommandSchema`: orders from the tray, and its state (after
 * every `ready` and every change). Twin: `ShellOrder` in src-tauri/shell-logic/src/orders.rs.
 */
export const shellOrderSchema = z.discriminatedUnion('cmd', [
  z.object({ cmd: z.literal('scan_now') }),
  z.object({ cmd: z.literal('set_listening'), listening: z.boolean() }),
  z.object({ cmd: z.literal('shell_state'), state: shellStateSchema }),
  /** Answer to `choose_folder`; null: cancelled. */
  z.object({ cmd: z.literal('folder_chosen'), id: uuidSchema, path: z.string().min(1).nullable() }),
]);
export type ShellOrder = z.infer<typeof shellOrderSchema>;

/**
 * Body of POST /api/window: what a person wants of the window. Folders are named, never given as paths: the page
 * may not open whatever it likes.
 */
export const windowWishSchema = z.discriminatedUnion('wish', [
  z.object({ wish: z.literal('open'), folder: z.enum(['music', 'logs', 'data']) }),
  /** A file in the music library: its path, as saving it answered. */
  z.object({ wish: z.literal('show_saved'), path: z.string().min(1).max(4096) }),
  z.object({ wish: z.literal('set_autostart'), enabled: z.boolean() }),
  z.object({ wish: z.literal('set_close_to_tray'), enabled: z.boolean() }),
  z.object({ wish: z.literal('check_update') }),
  z.object({ wish: z.literal('install_update') }),
  z.object({ wish: z.literal('quit') }),
]);
export type WindowWish = z.infer<typeof windowWishSchema>;

/** What a person chose in a dialog of the system: a full path; null: nothing. */
export const chosenFolderSchema = z.object({ path: z.string().min(1).nullable() });

/** Answer of POST /api/window/folder, once the dialog is closed. */
export const chosenFolderAnswerSchema = envelopeOf(chosenFolderSchema);

/** Body of POST /api/listening. */
export const listeningSchema = z.object({ listening: z.boolean() });
