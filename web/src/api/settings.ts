import { devicesSchema, envelopeSchema, type SettingsPatch, settingsSchema } from '@pidentify/contracts';
import { ask } from './request.ts';

type Options = { signal?: AbortSignal };

export const fetchSettings = ({ signal }: Options = {}) =>
  ask({ path: '/api/settings', answer: settingsSchema, signal });

/** Changes the named settings only. @throws {ApiError} `setting_invalid` with the reason */
export const patchSettings = (patch: SettingsPatch) =>
  ask({ path: '/api/settings', method: 'PATCH', body: patch, answer: settingsSchema });

export const fetchDevices = ({ signal }: Options = {}) =>
  ask({ path: '/api/settings/devices', answer: devicesSchema, signal });

export const restartRecorder = () =>
  ask({ path: '/api/recorder/restart', method: 'POST', answer: envelopeSchema });

/** Reads the music folders again. */
export const reindex = () => ask({ path: '/api/library/reindex', method: 'POST', answer: envelopeSchema });

/** Looks whether a music folder is there that was not, as after a drive was mounted. */
export const lookForMusic = () => ask({ path: '/api/library/look', method: 'POST', answer: envelopeSchema });
