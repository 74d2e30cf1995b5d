import type { Bus } from '@pidentify/bus';
import type { Services } from './services.ts';

const ttlSeconds = 30;
const renewMs = 10_000;

/**
 * Tells everybody on the bus how the services are: at each change, on each new connection, and as a value
 * for those who come later; and restarts one for whoever asks. Returns the end of it.
 */
export function shareServices({ bus, services }: { bus: Bus; services: Services }): () => void {
  const keep = () => void bus.setValue('supervisor.services', services.health(), ttlSeconds);
  const tell = () => {
    keep();
    void bus.publish('supervisor.services', services.health());
  };
  services.onChange(tell);
  bus.onConnection((state) => {
    if (state === 'connected') tell();
  });
  // A value that expires is how others notice that nobody watches any more.
  const timer = setInterval(keep, renewMs);
  bus.answer('supervisor.restart', async ({ service }) => {
    await services.restart(service);
    return { done: true };
  });
  return () => {
    clearInterval(timer);
    services.onChange(() => undefined);
    bus.close();
  };
}
