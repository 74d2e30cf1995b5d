/** How the program ended. `isStuck`: the system still holds a thread of it, for a disk that does not answer. */
export type Ending = { status: number; isStuck: boolean };

/** Ends this process at once. Listeners for signals and standard input would keep it alive. */
export function endProcess({ status, isStuck }: Ending): never {
  // An ordinary exit waits for all threads, and that one may never come back.
  if (isStuck) leaveThreadsBehind(status);
  process.exit(status);
}

function leaveThreadsBehind(status: number): void {
  try {
    // Another program in the place of this one takes no thread along, and keeps the process and so its status.
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${status}`], {});
  } catch {
    // Windows has nothing like it: there the status is lost.
  }
  process.kill(process.pid, 'SIGKILL');
}
