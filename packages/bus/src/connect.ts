import { BusConnection } from './connection.ts';
import { publisher, subscriber, valueGetter, valueSetter } from './messages.ts';
import { answerer, asker } from './requests.ts';
import type { Bus, BusOptions } from './types.ts';

/**
 * Connects and stays connected: returns at once, tries again for ever, and hears every channel anew after
 * Valkey has been away. Payloads are parsed on both sides; what does not parse is dropped and logged.
 */
export function connectBus(options: BusOptions): Bus {
  const connection = new BusConnection(options);
  const edge = { connection, log: options.log };
  return {
    get state() {
      return connection.state;
    },
    publish: publisher(edge),
    subscribe: subscriber(edge),
    setValue: valueSetter(edge),
    getValue: valueGetter(edge),
    ask: asker(edge),
    answer: answerer(edge),
    onConnection: (watcher) => connection.watch(watcher),
    close: () => connection.close(),
  };
}
