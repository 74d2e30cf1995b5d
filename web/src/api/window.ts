import {
  chosenFolderAnswerSchema,
  envelopeSchema,
  type Health,
  type ShellState,
  type WindowWish,
} from '@pidentify/contracts';
import { ask } from './request.ts';

/** Asks something of the native window. @throws {ApiError} `no_window` in a browser */
export const wishOfWindow = (wish: WindowWish) =>
  ask({ path: '/api/window', method: 'POST', body: wish, answer: envelopeSchema });

/**
 * Opens the system's dialog on the screen of this computer; resolves when a person has closed it.
 * @returns the full path that was chosen; null: none was
 * @throws {ApiError} `no_window`, `not_this_computer`
 */
export async function chooseFolder(): Promise<string | null> {
  const path = '/api/window/folder';
  const { data } = await ask({ path, method: 'POST', answer: chosenFolderAnswerSchema });
  return data.path;
}

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];

/** The native window, if there is one and it is on the computer of whoever looks at this page. */
export function windowHere(health: Health | undefined): ShellState | null {
  return ownNames.includes(location.hostname) ? (health?.window ?? null) : null;
}

/** Pauses listening, or goes on. */
export const setListening = (listening: boolean) =>
  ask({ path: '/api/listening', method: 'POST', body: { listening }, answer: envelopeSchema });
