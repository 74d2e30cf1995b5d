import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeHealth, playingStatus, waitingStatus } from '../../dev/fake-data.ts';
import { createQueryClient, healthQuery, statusQuery } from '../api/queries.ts';
import { readLiveMessage, startLive } from './live.ts';
import type { Socket } from './reconnect.ts';

type Events = { onmessage: (event: { data: string }) => void; onopen: () => void; onclose: () => void };

/** A live connection on a socket that the test plays, in a page that is only as much as is needed. */
function setUp() {
  const queries = createQueryClient();
  const sockets: Events[] = [];
  const live = startLive({
    queries,
    openSocket: () => {
      const socket = { onopen: null, onmessage: null, onclose: null, close: () => undefined };
      sockets.push(socket as unknown as Events);
      return socket as unknown as Socket;
    },
  });
  const say = (message: unknown) => sockets[sockets.length - 1].onmessage({ data: JSON.stringify(message) });
  return { queries, sockets, live, say };
}

describe('the live connection', () => {
  let page: ReturnType<typeof setUp>;
  beforeEach(() => {
    const target = { addEventListener: () => undefined, removeEventListener: () => undefined };
    vi.stubGlobal('window', target);
    vi.stubGlobal('document', { ...target, visibilityState: 'visible' });
    page = setUp();
  });
  afterEach(() => {
    page.live.stop();
    vi.unstubAllGlobals();
  });

  test('puts the state into the cache that the pages read', () => {
    page.say({ type: 'status', status: waitingStatus });
    page.say({ type: 'health', health: fakeHealth() });
    expect(page.queries.getQueryData(statusQuery.queryKey)?.phase).toBe('waiting');
    expect(page.queries.getQueryData(healthQuery.queryKey)?.version).toBe('0.1.0');
  });

  test('wins over an older answer that is still under way', async () => {
    const answer = Promise.withResolvers<Response>();
    vi.stubGlobal('fetch', () => answer.promise);
    const asked = Promise.allSettled([page.queries.fetchQuery(statusQuery)]);
    page.say({ type: 'status', status: playingStatus() });
    answer.resolve(Response.json(waitingStatus));
    await asked;
    await new Promise((later) => setTimeout(later, 10));
    expect(page.queries.getQueryData(statusQuery.queryKey)?.phase).toBe('resting');
  });

  test('hands levels to the meters only', () => {
    const heard: number[] = [];
    page.live.levels.subscribe(({ rms }) => heard.push(rms));
    page.say({ type: 'level', level: { at: new Date().toISOString(), rms: 0.25, peak: 0.5 } });
    expect(heard).toEqual([0.25]);
  });

  test('makes the lists fetch again when the history has changed', () => {
    page.queries.setQueryData(['history', 'recent'], {});
    page.say({ type: 'history' });
    expect(page.queries.getQueryState(['history', 'recent'])?.isInvalidated).toBe(true);
  });

  test('takes all it has for old once it comes back', () => {
    page.queries.setQueryData(['settings'], {});
    page.sockets[0].onopen();
    expect(page.queries.getQueryState(['settings'])?.isInvalidated).toBe(false);
    page.sockets[0].onclose();
    page.live.retryNow();
    page.sockets[1].onopen();
    expect(page.queries.getQueryState(['settings'])?.isInvalidated).toBe(true);
    expect(page.live.connection()).toEqual({ state: 'open' });
  });
});

test('messages that are not known are passed over', () => {
  expect(readLiveMessage('{"type":"weather"}')).toBeNull();
  expect(readLiveMessage('{"type":"level","level":{}}')).toBeNull();
  expect(readLiveMessage('not JSON')).toBeNull();
  expect(readLiveMessage(new Blob())).toBeNull();
  expect(readLiveMessage('{"type":"history"}')).toEqual({ type: 'history' });
});
