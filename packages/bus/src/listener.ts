import type { Redis } from 'iovalkey';
import type { BusLog } from './types.ts';

export type ChannelHandler = (text: string) => void;

type Channel = { handlers: Set<ChannelHandler>; heard: PromiseWithResolvers<void> };

/** `down`: no connection; `joining`: subscribes to every channel; `hearing`: all that is said arrives. */
type ListenerState = 'down' | 'joining' | 'hearing';

/** The connection that listens: hears every wanted channel, and hears it again on each new connection. */
export class Listener {
  readonly #client: Redis;
  readonly #channels = new Map<string, Channel>();
  readonly #log: BusLog;
  readonly #onChange: () => void;
  #state: ListenerState = 'down';

  constructor(options: { client: Redis; log: BusLog; onChange: () => void }) {
    this.#client = options.client;
    this.#log = options.log;
    this.#onChange = options.onChange;
    this.#client.on('ready', () => this.#join());
    this.#client.on('close', () => this.#become('down'));
    this.#client.on('message', (channel: string, text: string) => {
      for (const handler of this.#channels.get(channel)?.handlers ?? []) handler(text);
    });
  }

  get isHearing(): boolean {
    return this.#state === 'hearing';
  }

  /** `active` resolves once the channel is heard for the first time. */
  listen(name: string, handler: ChannelHandler): { active: Promise<void>; close: () => void } {
    let channel = this.#channels.get(name);
    if (!channel) {
      channel = { handlers: new Set(), heard: Promise.withResolvers<void>() };
      this.#channels.set(name, channel);
      if (this.#state !== 'down') this.#subscribe([name]);
    }
    const { handlers, heard } = channel;
    handlers.add(handler);
    const close = () => {
      if (!handlers.delete(handler) || handlers.size > 0) return;
      this.#channels.delete(name);
      if (this.#state !== 'down') this.#leave(name);
    };
    return { active: heard.promise, close };
  }

  async #join(): Promise<void> {
    this.#become('joining');
    if (await this.#subscribe([...this.#channels.keys()])) this.#become('hearing');
  }

  /** False: this connection is of no use, another one is on its way. */
  async #subscribe(names: string[]): Promise<boolean> {
    if (names.length === 0) return true;
    try {
      await this.#client.subscribe(...names);
    } catch (error) {
      // A new connection subscribes to everything again.
      this.#log('debug', `bus: subscribing failed: ${(error as Error).message}`);
      if (this.#client.status === 'ready') this.#client.disconnect(true);
      return false;
    }
    for (const name of names) this.#channels.get(name)?.heard.resolve();
    return true;
  }

  async #leave(name: string): Promise<void> {
    try {
      await this.#client.unsubscribe(name);
    } catch {
      return; // the connection is gone, and the subscription with it
    }
  }

  #become(state: ListenerState): void {
    this.#state = state;
    this.#onChange();
  }
}
