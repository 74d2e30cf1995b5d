import type { SupervisorEvent } from '@pidentify/contracts';

/** For the window: each event as the supervisor writes it. */
export const passOn = (write: (line: string) => void) => (event: SupervisorEvent) =>
  write(JSON.stringify(event));

/** For a terminal, as the supervisor itself does; `onReady` hears of the first time alone. */
export function announceToPerson(options: {
  write: (line: string) => void;
  say: (line: string) => void;
  onReady: (url: string) => unknown;
}): (event: SupervisorEvent) => void {
  const { write, say, onReady } = options;
  let wasReady = false;
  return (event) => {
    if ('ready' in event) {
      write(`ready ${event.ready.url}`);
      if (!wasReady) onReady(event.ready.url);
      wasReady = true;
    } else if ('failed' in event) say(event.failed.message);
    else if ('phase' in event) write(event.text);
  };
}
