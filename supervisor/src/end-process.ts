/** How the program ended. `isStuck`: the system still holds a thread of it, for a disk that does not answer. */
export type Ending = { status: number; isStuck: boolean };

/** Ends this process at once. Listeners for signals and standard input would keep it alive. */
export function endProcess({ status, isStuck }: Ending): never {
  // An ordinary exit waits for all threads, and that one may never come back; its status is lost with this.
  if (isStuck) process.kill(process.pid, 'SIGKILL');
  process.exit(status);
}
