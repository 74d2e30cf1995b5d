import { type LiveMessage, liveMessageSchema } from '@pidentify/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { healthQuery, statusQuery } from '../api/queries.ts';
import { createLevelFeed, type LevelFeed } from './level-feed.ts';
import { type ConnectionState, keepConnected, type Socket } from './reconnect.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';

/** What the pages see of the live connection. */
export type Live = {
  levels: LevelFeed;
  clock: ServerClock;
  connection: () => ConnectionState;
  subscribe: (listener: () => void) => () => void;
  retryNow: () => void;
  stop: () => void;
};

/** Text of one message; null for what is not a message of ours, e.g. of a newer server. */
export function readLiveMessage(data: unknown): LiveMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = liveMessageSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: as good as a message that is not known.
    return null;
  }
}

/** Connects and keeps the query cache, the meters and the clock up to date. */
export function startLive({
  queries,
  openSocket = openLiveSocket,
}: {
  queries: QueryClient;
  openSocket?: () => Socket;
}): Live {
  const levels = createLevelFeed();
  const clock = createServerClock({ now: Date.now });
  const listeners = new Set<() => void>();
  let connection: ConnectionState = { state: 'connecting' };
  let broke = false;

  const onState = (next: ConnectionState) => {
    connection = next;
    if (next.state === 'open' && broke) void queries.invalidateQueries();
    // With the pauses growing, asking over HTTP each time also serves where WebSockets are blocked.
    if (next.state === 'waiting') askOverHttp(queries);
    broke = next.state !== 'open' && (broke || next.state !== 'connecting');
    for (const listener of listeners) listener();
  };
  const link = keepConnected({
    openSocket,
    onMessage: (data) => applyMessage({ message: readLiveMessage(data), queries, levels, clock }),
    onState,
    now: Date.now,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  });
  const stopWatching = watchForReturn(link.nudge);

  return {
    levels,
    clock,
    connection: () => connection,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    retryNow: link.nudge,
    stop() {
      stopWatching();
      link.close();
    },
  };
}

function applyMessage({
  message,
  queries,
  levels,
  clock,
}: {
  message: LiveMessage | null;
  queries: QueryClient;
  levels: LevelFeed;
  clock: ServerClock;
}): void {
  if (!message) return;
  if (message.type === 'level') {
    clock.heard(message.level.at);
    levels.publish(message.level);
  } else if (message.type === 'history' || message.type === 'unknown') {
    void queries.invalidateQueries({ queryKey: [message.type] });
  } else if (message.type === 'status') {
    replace(queries, statusQuery.queryKey, message.status);
  } else {
    replace(queries, healthQuery.queryKey, message.health);
  }
}

/** An answer over HTTP that is still under way is older than the message: it must not win. */
function replace(queries: QueryClient, queryKey: readonly string[], value: unknown): void {
  void queries.cancelQueries({ queryKey });
  queries.setQueryData(queryKey, value);
}

function askOverHttp(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: statusQuery.queryKey });
  void queries.invalidateQueries({ queryKey: healthQuery.queryKey });
}

function openLiveSocket(): Socket {
  const url = new URL('/api/live', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url);
}

/** Calls back when the network or this page comes back; returns what ends it. */
function watchForReturn(callback: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') callback();
  };
  window.addEventListener('online', callback);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    window.removeEventListener('online', callback);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
