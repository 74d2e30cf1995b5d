import { createContext, type ReactNode, use, useSyncExternalStore } from 'react';
import type { Live } from './live.ts';
import type { ConnectionState } from './reconnect.ts';

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ live, children }: { live: Live; children: ReactNode }) {
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The live connection of this page. @throws when used outside LiveProvider */
export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('useLive is for what is inside LiveProvider');
  return live;
}

export function useConnection(): ConnectionState {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.connection);
}
