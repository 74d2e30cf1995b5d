import type { LiveMessage, Status } from '@pidentify/contracts';
import type { WebSocket } from 'ws';
import type { Live } from './live.ts';

/** Bytes that may wait for a slow client before levels are dropped. */
const slowBytes = 64 * 1024;
/** Bytes after which a client is cut off: it connects again and starts from the whole state. */
const lostBytes = 1024 * 1024;

/** `state` must arrive; a `moment` is out of date as soon as the next one is there. */
function send(socket: WebSocket, { text, kind }: { text: string; kind: 'state' | 'moment' }): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > lostBytes) socket.terminate();
  else if (kind === 'state' || socket.bufferedAmount < slowBytes) socket.send(text);
}

function endWith(socket: WebSocket, end: () => void): void {
  socket.on('close', end);
  // An error is followed by `close`; without a listener it would end the process.
  socket.on('error', () => undefined);
}

/** Our own clients: state, health and level, each as a message of `liveMessageSchema`. */
export function serveLive(socket: WebSocket, live: Live): void {
  const tell = (message: LiveMessage) =>
    send(socket, { text: JSON.stringify(message), kind: message.type === 'level' ? 'moment' : 'state' });
  endWith(socket, live.watch(tell));
  tell({ type: 'health', health: live.health() });
  tell({ type: 'status', status: live.status() });
}

/** Clients of the old program: a whole Status with each change and each level. */
export function serveStatus(socket: WebSocket, live: Live): void {
  const tell = (status: Status, kind: 'state' | 'moment') =>
    send(socket, { text: JSON.stringify(status), kind });
  endWith(
    socket,
    live.watch((message) => {
      if (message.type === 'status') tell(message.status, 'state');
      if (message.type === 'level') tell(live.status(), 'moment');
    }),
  );
  tell(live.status(), 'state');
}
