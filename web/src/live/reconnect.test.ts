import { beforeEach, describe, expect, test } from 'vitest';
import { type ConnectionState, keepConnected, pauseBefore, type Socket } from './reconnect.ts';

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  closed = false;
  readonly #asSocket = this as unknown as WebSocket;

  close() {
    this.closed = true;
  }
  opens() {
    this.onopen?.call(this.#asSocket, new Event('open'));
  }
  says(data: string) {
    this.onmessage?.call(this.#asSocket, { data } as MessageEvent);
  }
  breaks() {
    this.onclose?.call(this.#asSocket, new Event('close') as CloseEvent);
  }
}

/** A connection with a clock of its own; `pass` lets time go by. */
function setUp() {
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  const heard: unknown[] = [];
  let now = 0;
  let due: { at: number; callback: () => void } | null = null;
  const link = keepConnected({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    onMessage: (data) => heard.push(data),
    onState: (state) => states.push(state),
    now: () => now,
    after: (ms, callback) => {
      const timer = { at: now + ms, callback };
      due = timer;
      return () => {
        if (due === timer) due = null;
      };
    },
    random: () => 0,
  });
  const pass = (ms: number) => {
    now += ms;
    if (!due || due.at > now) return;
    const { callback } = due;
    due = null;
    callback();
  };
  return { sockets, states, heard, link, pass, last: () => sockets[sockets.length - 1] };
}

describe('the live connection', () => {
  let it: ReturnType<typeof setUp>;
  beforeEach(() => {
    it = setUp();
  });

  test('opens at once and hands messages on', () => {
    it.last().opens();
    it.last().says('hello');
    expect(it.states).toEqual([{ state: 'connecting' }, { state: 'open' }]);
    expect(it.heard).toEqual(['hello']);
  });

  test('says when the next try is after a break, and then tries', () => {
    it.last().opens();
    it.last().breaks();
    expect(it.states.at(-1)).toEqual({ state: 'waiting', retryAt: 500 });
    it.pass(499);
    expect(it.sockets).toHaveLength(1);
    it.pass(1);
    expect(it.sockets).toHaveLength(2);
    expect(it.states.at(-1)).toEqual({ state: 'retrying' });
  });

  test('waits longer each time, also when a proxy opens and closes at once', () => {
    const pauses = [500, 1000, 2000, 4000, 8000, 15_000, 15_000];
    for (const pause of pauses) {
      it.last().opens();
      it.last().breaks();
      const before = it.sockets.length;
      it.pass(pause - 1);
      expect(it.sockets).toHaveLength(before);
      it.pass(1);
      expect(it.sockets).toHaveLength(before + 1);
    }
  });

  test('starts with a short pause again once messages have come', () => {
    it.last().breaks();
    it.pass(500);
    it.last().breaks();
    it.pass(1000);
    it.last().opens();
    it.last().says('hello');
    it.last().breaks();
    expect(it.states.at(-1)).toEqual({ state: 'waiting', retryAt: 2000 });
  });

  test('tries at once when the network comes back, and only once', () => {
    it.last().breaks();
    it.link.nudge();
    expect(it.sockets).toHaveLength(2);
    it.link.nudge();
    it.pass(60_000);
    expect(it.sockets).toHaveLength(2);
  });

  test('is left alone by a nudge while messages come', () => {
    it.last().opens();
    it.pass(9000);
    it.link.nudge();
    expect(it.sockets).toHaveLength(1);
  });

  test('is replaced by a nudge when it has long been silent', () => {
    it.last().opens();
    it.pass(20_000);
    const [old] = it.sockets;
    it.link.nudge();
    expect(old.closed).toBe(true);
    expect(it.sockets).toHaveLength(2);
    old.breaks();
    it.pass(60_000);
    expect(it.sockets).toHaveLength(2);
  });

  test('stays closed once it is closed', () => {
    it.last().breaks();
    it.link.close();
    it.pass(60_000);
    expect(it.sockets).toHaveLength(1);
  });
});

test('many pages do not come back in the same moment', () => {
  expect(pauseBefore({ attempt: 1, random: 0 })).toBe(1000);
  expect(pauseBefore({ attempt: 1, random: 1 })).toBe(750);
  expect(pauseBefore({ attempt: 50, random: 0 })).toBe(15_000);
});
