import { type Config, defaultConfig, type OnlineProvider, onlineProviders } from '@pidentify/contracts';

/**
 * The services that may be asked, first to last. A config.yaml of the old program names its one recogniser in
 * `music_id_plugin`: it comes first, unless an order was chosen since.
 */
export function servicesInOrder({
  provider_order: order,
  music_id_plugin: plugin,
}: Pick<Config, 'provider_order' | 'music_id_plugin'>): OnlineProvider[] {
  const chosen = order.join() !== defaultConfig.provider_order.join();
  const plain = plugin.toLowerCase().replaceAll(/[^a-z]/g, '');
  const first = onlineProviders.find((name) => plain.includes(name));
  return chosen || !first ? order : [first, ...order.filter((name) => name !== first)];
}
