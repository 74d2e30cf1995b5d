import type {
  BusAnswer,
  BusMessage,
  BusMessageName,
  BusQuestion,
  BusRequestName,
  BusValue,
  BusValueName,
} from '@pidentify/contracts';
import type { BusState } from './connection.ts';

export type BusLog = (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;

export type BusOptions = {
  host: string;
  port: number;
  username?: string;
  password?: string;
  /** Who connects; seen in the list of clients and in the log. */
  service: string;
  log: BusLog;
};

export type Subscription = {
  /** Resolves once messages arrive; stays pending while there is no connection. */
  active: Promise<void>;
  close: () => void;
};

/** The bus is volatile: what is said while nobody listens, or while Valkey is away, is gone. */
export type Bus = {
  readonly state: BusState;
  /** To whoever listens now; resolves to how many do. Dropped (0) while not connected; never rejects. */
  publish: <N extends BusMessageName>(name: N, payload: BusMessage<N>) => Promise<number>;
  subscribe: <N extends BusMessageName>(
    name: N,
    handler: (payload: BusMessage<N>) => void | Promise<void>,
  ) => Subscription;
  /** Kept until it expires; false: not connected, not kept. Say it again on `connected`. */
  setValue: <N extends BusValueName>(name: N, payload: BusValue<N>, ttlSeconds: number) => Promise<boolean>;
  /** The value, or null: never set, expired, or not readable. Throws bus_unavailable. */
  getValue: <N extends BusValueName>(name: N) => Promise<BusValue<N> | null>;
  /**
   * Waits for a connection, then for the one answer. Throws the other side's error with its code,
   * recorder_unavailable or bus_unavailable when nobody answers such questions, bus_unavailable when the
   * connection breaks, bus_timeout.
   */
  ask: <N extends BusRequestName>(
    name: N,
    question: BusQuestion<N>,
    options: { timeoutMs: number },
  ) => Promise<BusAnswer<N>>;
  /** A handler that throws answers with that error's code; what has none becomes internal_error. */
  answer: <N extends BusRequestName>(
    name: N,
    handler: (question: BusQuestion<N>) => BusAnswer<N> | Promise<BusAnswer<N>>,
  ) => Subscription;
  /** Calls back at once with the present state, then at each change; returns the end of it. */
  onConnection: (watcher: (state: BusState) => void) => () => void;
  close: () => void;
};
