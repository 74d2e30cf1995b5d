import { Redis } from 'iovalkey';
import { type ChannelHandler, Listener } from './listener.ts';
import type { BusLog, BusOptions, Subscription } from './types.ts';

/** `connecting`: commands are refused; `connected`: commands go out and every channel is heard. */
export type BusState = 'connecting' | 'connected';

/** Longest pause between two tries to connect, so that all is well soon after Valkey is back. */
const longestRetryMs = 250;

/**
 * Two connections, one for commands and one that listens, as one state. Nothing is queued while there is
 * no connection: a bus message that is late is a wrong message.
 */
export class BusConnection {
  readonly commands: Redis;
  readonly #listening: Redis;
  readonly #listener: Listener;
  readonly #watchers = new Set<(state: BusState) => void>();
  readonly #log: BusLog;
  #state: BusState = 'connecting';
  #changedAt = 0;

  constructor(options: BusOptions) {
    this.#log = options.log;
    this.commands = open(options);
    this.#listening = open({ ...options, service: `${options.service}-listener` });
    this.#listener = new Listener({
      client: this.#listening,
      log: options.log,
      onChange: () => this.#review(),
    });
    this.commands.on('ready', () => this.#review());
    this.commands.on('close', () => this.#review());
    // iovalkey reports every failed try; what matters is the state, which is logged when it changes.
    for (const client of [this.commands, this.#listening]) client.on('error', () => undefined);
  }

  get state(): BusState {
    return this.#state;
  }

  /** Milliseconds since the last change of the state. */
  get age(): number {
    return performance.now() - this.#changedAt;
  }

  /** Calls back at once with the present state, then at each change. Returns the end of it. */
  watch(watcher: (state: BusState) => void): () => void {
    this.#watchers.add(watcher);
    watcher(this.#state);
    return () => this.#watchers.delete(watcher);
  }

  /** Resolves to true once connected, to false when that takes longer than `timeoutMs`. */
  async whenConnected(timeoutMs: number): Promise<boolean> {
    if (this.#state === 'connected') return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), timeoutMs);
    const end = this.watch((state) => {
      if (state === 'connected') resolve(true);
    });
    const connected = await promise;
    clearTimeout(timer);
    end();
    return connected;
  }

  /** Hears a channel for as long as wanted, through every new connection. */
  listen(channel: string, handler: ChannelHandler): Subscription {
    return this.#listener.listen(channel, handler);
  }

  close(): void {
    this.#become('connecting');
    this.#watchers.clear();
    this.commands.disconnect();
    this.#listening.disconnect();
  }

  #review(): void {
    const state = this.commands.status === 'ready' && this.#listener.isHearing ? 'connected' : 'connecting';
    // After close() nobody watches any more, and the log must not tell of a loss.
    if (state === this.#state || this.commands.status === 'end') return;
    const up = state === 'connected';
    this.#log(up ? 'info' : 'warn', up ? 'bus: connected' : 'bus: connection lost, trying again');
    this.#become(state);
  }

  #become(state: BusState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changedAt = performance.now();
    for (const watcher of this.#watchers) watcher(state);
  }
}

function open(options: BusOptions): Redis {
  return new Redis({
    host: options.host,
    port: options.port,
    username: options.username,
    password: options.password,
    connectionName: `pidentify-${options.service}`,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (tries) => Math.min(25 * tries, longestRetryMs),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
  });
}
