import { envelopeSchema, type WindowWish } from '@pidentify/contracts';
import { ask } from './request.ts';

/** Asks something of the native window. @throws {ApiError} `no_window` in a browser */
export const wishOfWindow = (wish: WindowWish) =>
  ask({ path: '/api/window', method: 'POST', body: wish, answer: envelopeSchema });

/** Pauses listening, or goes on. */
export const setListening = (listening: boolean) =>
  ask({ path: '/api/listening', method: 'POST', body: { listening }, answer: envelopeSchema });
