/**
 * `connecting`: the first try; `open`: messages arrive; `waiting`: it broke, the next try is due at
 * `retryAt` (ms since 1970); `retrying`: that try is under way.
 */
export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'waiting'; retryAt: number }
  | { state: 'retrying' };

/** The part of a WebSocket that is used, so that tests can pass their own. */
export type Socket = Pick<WebSocket, 'close' | 'onopen' | 'onmessage' | 'onclose'>;

export type ReconnectOptions = {
  openSocket: () => Socket;
  onMessage: (data: unknown) => void;
  onState: (state: ConnectionState) => void;
  now: () => number;
  /** Calls back after so many ms; returns what cancels it. */
  after: (ms: number, callback: () => void) => () => void;
  /** 0 to 1; spreads the tries of many pages. */
  random: () => number;
};

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** A connection silent for this long is doubted once there is a reason to, e.g. the phone woke up. */
const silenceMs = 10_000;

/** Pause before try number `attempt` (from 0) after a break: doubles, up to 15 s, 25 % shorter by chance. */
export function pauseBefore({ attempt, random }: { attempt: number; random: number }): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (1 - 0.25 * random);
}

/** Keeps one WebSocket open for as long as the page lives. */
export function keepConnected(options: ReconnectOptions) {
  let socket: Socket | null = null;
  let attempt = 0;
  let lastHeard = 0;
  let isOpen = false;
  let cancelPause: (() => void) | null = null;

  const connect = () => {
    cancelPause?.();
    const current = options.openSocket();
    socket = current;
    current.onopen = () => {
      isOpen = true;
      lastHeard = options.now();
      options.onState({ state: 'open' });
    };
    current.onmessage = (event) => {
      lastHeard = options.now();
      // Only a message proves that the other side is well: a proxy may accept and then close.
      attempt = 0;
      options.onMessage(event.data);
    };
    current.onclose = () => {
      if (socket === current) pause();
    };
  };

  const pause = () => {
    socket = null;
    isOpen = false;
    const ms = pauseBefore({ attempt, random: options.random() });
    attempt += 1;
    options.onState({ state: 'waiting', retryAt: options.now() + ms });
    cancelPause = options.after(ms, retry);
  };

  const retry = () => {
    options.onState({ state: 'retrying' });
    connect();
  };

  const drop = () => {
    const old = socket;
    socket = null;
    isOpen = false;
    old?.close();
  };

  options.onState({ state: 'connecting' });
  connect();

  return {
    /** The network or the page came back: try at once instead of waiting for the pause to end. */
    nudge() {
      if (isOpen && options.now() - lastHeard < silenceMs) return;
      if (!isOpen && socket) return;
      drop();
      attempt = 0;
      retry();
    },
    close() {
      cancelPause?.();
      drop();
    },
  };
}
