import type { Level } from '@pidentify/contracts';

type Listener = (level: Level) => void;

/** Levels come several times a second: they go to the meters directly, past React's state. */
export function createLevelFeed() {
  const listeners = new Set<Listener>();
  return {
    publish(level: Level) {
      for (const listener of listeners) listener(level);
    },
    /** Returns what ends the subscription. */
    subscribe(listener: Listener): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
export type LevelFeed = ReturnType<typeof createLevelFeed>;
