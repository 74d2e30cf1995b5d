import type { Bus } from '@pidentify/bus';
import type { Services } from './services.ts';
import { shareValue } from './share-value.ts';

/** Tells everybody on the bus how the services are, and restarts one for whoever asks. Returns the end of it. */
export function shareServices({ bus, services }: { bus: Bus; services: Services }): () => void {
  const shared = shareValue({ bus, name: 'supervisor.services', read: () => services.health() });
  services.onChange(shared.tell);
  bus.answer('supervisor.restart', async ({ service }) => {
    await services.restart(service);
    return { done: true };
  });
  return () => {
    shared.end();
    services.onChange(() => undefined);
  };
}
