import { createHash, timingSafeEqual } from 'node:crypto';
import type { Channels, Hearer } from './channels.ts';
import { reply } from './reply.ts';
import type { ValueStore } from './store.ts';

export type Access = { username: string; password: string };

/** What a command may touch: the server's state and the client that sent it. */
export type Session = {
  id: number;
  access: Access;
  store: ValueStore;
  channels: Channels;
  hearer: Hearer;
  joined: Set<string>;
  isTrusted: boolean;
  isEnding: boolean;
};

type Command = (session: Session, words: string[]) => Buffer;

/** The same as Valkey's rights in packages/platform/src/valkey.ts; a contract test runs on both. */
const commands: Readonly<Record<string, Command>> = {
  ping: (_, [text]) => (text === undefined ? reply.status('PONG') : reply.bulk(text)),
  info: () => reply.bulk('# Server\r\nredis_version:7.2.0\r\nserver_name:pidentify\r\nloading:0\r\n'),
  client,
  publish: ({ channels }, [channel, text]) => reply.number(channels.say(channel, text)),
  subscribe,
  unsubscribe,
  get: ({ store }, [key]) => {
    const text = store.get(key);
    return text === null ? reply.none : reply.bulk(text);
  },
  set,
  quit: (session) => {
    session.isEnding = true;
    return reply.ok;
  },
};

/** Least and most words after the name, and how many of the first ones must be the bus's own names. */
const shapes: Readonly<Record<string, { least: number; most: number; names: number }>> = {
  ping: { least: 0, most: 1, names: 0 },
  info: { least: 0, most: 8, names: 0 },
  client: { least: 1, most: 3, names: 0 },
  publish: { least: 2, most: 2, names: 1 },
  subscribe: { least: 1, most: 63, names: 63 },
  unsubscribe: { least: 0, most: 63, names: 0 },
  get: { least: 1, most: 1, names: 1 },
  set: { least: 2, most: 4, names: 1 },
  quit: { least: 0, most: 0, names: 0 },
};

/** One request, one reply; nothing but AUTH and QUIT before the password. */
export function execute(session: Session, request: string[]): Buffer {
  const [word, ...words] = request;
  const name = word.toLowerCase();
  if (name === 'auth') return authenticate(session, words);
  if (!session.isTrusted && name !== 'quit') return reply.error('NOAUTH', 'Authentication required.');
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : null;
  if (!shape) return reply.error('NOPERM', `User has no permissions to run the '${name}' command`);
  if (words.length < shape.least || words.length > shape.most) {
    return reply.error('ERR', `wrong number of arguments for '${name}' command`);
  }
  if (words.slice(0, shape.names).some((text) => !text.startsWith('pid:'))) {
    return reply.error('NOPERM', 'No permissions to access a key or channel');
  }
  return commands[name](session, words);
}

function authenticate(session: Session, words: string[]): Buffer {
  const [username, password] = words.length === 1 ? ['default', words[0]] : words;
  const { access } = session;
  // Digests of equal length, so that the time taken tells nothing.
  const digest = (text: string) => createHash('sha256').update(text, 'latin1').digest();
  const right = timingSafeEqual(digest(password ?? ''), digest(access.password));
  if (!right || username !== access.username) {
    return reply.error('WRONGPASS', 'invalid username-password pair or user is disabled.');
  }
  session.isTrusted = true;
  return reply.ok;
}

function client(session: Session, [what]: string[]): Buffer {
  const name = what.toLowerCase();
  if (name === 'id') return reply.number(session.id);
  if (name === 'setname' || name === 'setinfo') return reply.ok;
  return reply.error('NOPERM', `User has no permissions to run the 'client|${name}' command`);
}

/** One confirmation a channel, as the protocol wants. */
function subscribe(session: Session, names: string[]): Buffer {
  return Buffer.concat(
    names.map((channel) => {
      session.joined.add(channel);
      session.channels.join(channel, session.hearer);
      return reply.push('subscribe', channel, reply.number(session.joined.size));
    }),
  );
}

function unsubscribe(session: Session, names: string[]): Buffer {
  const leaving = names.length > 0 ? names : [...session.joined];
  if (leaving.length === 0) return reply.list([reply.bulk('unsubscribe'), reply.none, reply.number(0)]);
  return Buffer.concat(
    leaving.map((channel) => {
      session.joined.delete(channel);
      session.channels.leave(channel, session.hearer);
      return reply.push('unsubscribe', channel, reply.number(session.joined.size));
    }),
  );
}

function set({ store }: Session, [key, text, unit, amount]: string[]): Buffer {
  const factor = { ex: 1000, px: 1 }[unit?.toLowerCase()];
  if (
    unit !== undefined &&
    (factor === undefined || !/^\d{1,12}$/.test(amount ?? '') || Number(amount) === 0)
  ) {
    return reply.error('ERR', 'syntax error');
  }
  const ttlMs = factor === undefined ? Number.POSITIVE_INFINITY : factor * Number(amount);
  return store.set(key, text, ttlMs) ? reply.ok : reply.error('OOM', 'command not allowed: memory is full');
}
