import type { Bus } from '@pidentify/bus';
import type { ConfigKey } from '@pidentify/contracts';

/** Tells everybody which settings have changed; while the bus is away the keys wait for its return. */
export function announceSettings(bus: Bus): (keys: ConfigKey[]) => void {
  const waiting = new Set<ConfigKey>();

  function announce(): void {
    if (bus.state !== 'connected' || waiting.size === 0) return;
    void bus.publish('settings.changed', { keys: [...waiting] });
    waiting.clear();
  }

  bus.onConnection(announce);
  return (keys) => {
    for (const key of keys) waiting.add(key);
    announce();
  };
}
