import { expect, it } from 'vitest';
import { servicesInOrder } from './order.ts';

it.each([
  ['', ['audd', 'acrcloud', 'acoustid'], 'audd,acrcloud,acoustid'],
  ['ACRCloud', ['audd', 'acrcloud', 'acoustid'], 'acrcloud,audd,acoustid'],
  ['audd.io', ['audd', 'acrcloud', 'acoustid'], 'audd,acrcloud,acoustid'],
  ['shazam', ['audd', 'acrcloud', 'acoustid'], 'audd,acrcloud,acoustid'],
  ['acrcloud', ['audd'], 'audd'],
  ['acrcloud', [], ''],
] as const)('music_id_plugin %j and order %j: %s', (music_id_plugin, order, expected) => {
  expect(servicesInOrder({ music_id_plugin, provider_order: [...order] }).join()).toBe(expected);
});
