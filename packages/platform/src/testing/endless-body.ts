import type { ServerResponse } from 'node:http';

/** Sends a body that never ends, as fast as it is taken, until the other side goes away. */
export function sendEndlessBody(response: ServerResponse): void {
  const chunk = Buffer.alloc(1 << 16, ' ');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}
