/** A process that was started, whatever it is. */
export type Launched = {
  pid: number | null;
  /** Resolves when it answers; rejects when it says that it cannot, or ends before. */
  ready: Promise<{ port?: number }>;
  /** Resolves when it is gone, to how: `status 1`, `SIGKILL`. */
  ended: Promise<string>;
  /** Asks it to put things away and end. */
  stop: () => void;
  kill: () => void;
};

/** How a process ended, for people. */
export function describeEnd(status: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `ended by ${signal}` : `ended with status ${status}`;
}
