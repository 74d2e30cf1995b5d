import type { SettingsPatch } from '@pidentify/contracts';

/**
 * What the server says of a patch (`key: sentence.` for each key that is wrong), without the keys: it stands beside the field,
 * whose label says which it is.
 */
export function fieldError(message: string, patch: SettingsPatch): string {
  return Object.keys(patch).reduce(
    (text, key) => text.replace(new RegExp(`(^|\\. )${key}(\\.\\d+)*: `, 'g'), '$1'),
    message,
  );
}
