import type { Bus } from '@pidentify/bus';
import type { BusMessageName, BusValue, BusValueName } from '@pidentify/contracts';

const ttlSeconds = 30;
const renewMs = 10_000;

/**
 * Keeps a value on the bus and tells everybody of it: when `tell` is called, and on each new connection. A value that
 * expires is how others notice that nobody keeps it any more. `end` stops that.
 */
export function shareValue<N extends BusValueName & BusMessageName>(options: {
  bus: Bus;
  name: N;
  read: () => BusValue<N>;
}): { tell: () => void; end: () => void } {
  const { bus, name, read } = options;
  const keep = () => void bus.setValue(name, read(), ttlSeconds);
  const tell = () => {
    keep();
    void bus.publish(name, read());
  };
  const unwatch = bus.onConnection((state) => {
    if (state === 'connected') tell();
  });
  const timer = setInterval(keep, renewMs);
  return {
    tell,
    end: () => {
      clearInterval(timer);
      unwatch();
    },
  };
}
