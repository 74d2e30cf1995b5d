import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askWithin, type Provider, type Sound } from '../identify.ts';
import { acrcloud } from './acrcloud.ts';
import { audd } from './audd.ts';
import type { Fault, ServiceServer } from './testing/service-server.ts';
import { type KnownSong, startAcrcloud, startAudd } from './testing/services.ts';

const keys = { token: 'tok-1234567890', key: 'key-1234567890', secret: 'sec-1234567890' };
const warriors: KnownSong = {
  title: 'Warriors',
  artist: 'Imagine Dragons',
  durationSeconds: 170,
  offset: () => 100,
};
const sound: Sound = { startMs: 0, endMs: 9000, pcm: new Float32Array(9 * 11_025).fill(0.1) };
const circumstances = { belief: 'none', heardMs: 9000 } as const;

/** Answers of nearly the right form, for both services. */
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('  '), fc.constant(null));
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constant(-1), fc.constant(1e9));
const anyAnswer = fc.oneof(
  fc.record({
    status: fc.constant('success'),
    result: fc.record({
      artist: anyText,
      title: anyText,
      album: anyText,
      timecode: fc.oneof(anyText, fc.constant('99:99:99')),
      spotify: fc.record({ duration_ms: anyNumber, track_number: anyNumber }),
    }),
  }),
  fc.record({
    status: fc.record({ code: fc.constantFrom(0, 1001, 42), msg: anyText }),
    metadata: fc.record({
      music: fc.array(
        fc.record({
          title: anyText,
          artists: fc.array(fc.record({ name: anyText })),
          duration_ms: anyNumber,
          play_offset_ms: anyNumber,
          score: anyNumber,
        }),
      ),
    }),
  }),
);

type Bench = {
  name: string;
  start(song: () => KnownSong): Promise<ServiceServer>;
  provider(url: string, given?: Partial<typeof keys>): Provider;
};
const benches: Bench[] = [
  {
    name: 'audd',
    start: (song) => startAudd({ token: keys.token, song }),
    provider: (url, given) => audd({ token: { ...keys, ...given }.token, url }),
  },
  {
    name: 'acrcloud',
    start: (song) => startAcrcloud({ ...keys, song }),
    provider: (url, given) => {
      const { key, secret } = { ...keys, ...given };
      return acrcloud({ accessKey: key, accessSecret: secret, url, now: Date.now });
    },
  },
];

describe.each(benches)('$name', ({ name, start, provider }) => {
  let server: ServiceServer;
  let song: KnownSong;
  beforeEach(async () => {
    song = warriors;
    server = await start(() => song);
  });
  afterEach(() => server.close());

  const ask = (given: { using?: Provider; clip?: Sound; limitMs?: number } = {}) => {
    const using = given.using ?? provider(server.url);
    return askWithin(given.limitMs ?? using.limitMs, (signal) =>
      using.identify(given.clip ?? sound, signal, circumstances),
    );
  };

  it('names a song, where in it the clip is, and how long it is', async () => {
    const answer = await ask();
    expect(answer).toMatchObject({
      kind: 'match',
      match: { offsetSeconds: 100, speed: 1, durationSeconds: 170 },
      track: {
        source: name,
        track_name: 'Warriors',
        artist_name: 'Imagine Dragons',
        album_name: 'Warriors',
        label: 'Universal Music',
        released: '2014-09-18',
        duration_seconds: 170,
      },
    });
    expect(answer).toMatchObject({ match: { trackId: 'song-453eb981559f7fe8fc69c95344faf8d3' } });
    expect(server.calls).toHaveLength(1);
    // Its length is told, since not every server takes pieces; the keys stand in the body alone.
    const [{ path, headers }] = server.calls;
    expect(Number(headers['content-length'])).toBeGreaterThan(2 * sound.pcm.length);
    expect(headers['user-agent']).toBe('Pidentify');
    for (const key of Object.values(keys)) expect(path + JSON.stringify(headers)).not.toContain(key);
  });

  it('says no match only when the service says so', async () => {
    song = null;
    expect(await ask()).toEqual({ kind: 'no_match' });
  });

  it('takes a song without a length', async () => {
    song = { ...warriors, durationSeconds: null };
    expect(await ask()).toMatchObject({ kind: 'match', match: { durationSeconds: null } });
  });

  it('knows that a sound was of no use, while the service is well', async () => {
    const clip = { ...sound, pcm: sound.pcm.subarray(0, 11_025) };
    expect(await ask({ clip })).toMatchObject({ kind: 'cannot_tell', trouble: 'sound' });
  });

  it('knows that its key is wrong, and repeats it to nobody', async () => {
    const wrong = { token: 'tok-wrong-99', key: 'key-wrong-99', secret: 'sec-wrong-99' };
    const answer = await ask({ using: provider(server.url, wrong) });
    expect(answer).toMatchObject({ kind: 'cannot_tell', trouble: 'key' });
    expect(JSON.stringify(answer)).not.toMatch(/wrong-99/);
    expect(await ask({ using: provider(server.url, { secret: 'other', token: 'other' }) })).toMatchObject({
      trouble: 'key',
    });
  });

  it.each<[Fault, string, string]>([
    [{ fault: 'html', status: 200 }, 'fault', 'a web page (HTTP 200)'],
    [{ fault: 'html', status: 502 }, 'fault', 'a web page (HTTP 502)'],
    [{ fault: 'status', status: 500 }, 'fault', 'HTTP 500'],
    [{ fault: 'status', status: 401 }, 'key', 'HTTP 401'],
    [{ fault: 'status', status: 429 }, 'busy', 'HTTP 429'],
    [{ fault: 'status', status: 429, body: 'not what it says' }, 'busy', 'HTTP 429'],
    [{ fault: 'garbage' }, 'fault', 'not in the form that is known'],
    [{ fault: 'truncated' }, 'fault', 'not in the form that is known'],
    [{ fault: 'wrong-types' }, 'fault', 'not in the form that is known'],
    [{ fault: 'empty' }, 'fault', 'not in the form that is known'],
    [{ fault: 'reset' }, 'fault', 'cannot be reached'],
    [{ fault: 'reset-in-body' }, 'fault', 'cannot be reached'],
    [{ fault: 'endless' }, 'fault', 'too long'],
    [{ fault: 'hang' }, 'fault', 'no answer in 0.4 s'],
    [{ fault: 'hang-in-body' }, 'fault', 'no answer in 0.4 s'],
    [{ fault: 'slow', ms: 3000 }, 'fault', 'no answer in 0.4 s'],
  ])('%j: cannot tell (%s), and says why', async (fault, trouble, why) => {
    server.next(fault);
    const limitMs = why.includes('0.4 s') ? 400 : 10_000;
    expect(await ask({ limitMs })).toMatchObject({
      kind: 'cannot_tell',
      trouble,
      why: expect.stringContaining(why),
    });
    // Once, and no more: a call may cost money.
    expect(server.calls).toHaveLength(1);
    expect(await ask()).toMatchObject({ kind: 'match' });
  });

  it.each([
    [429, '30', 30_000],
    [503, '120', 120_000],
  ])('HTTP %i with Retry-After %s: wants to be left alone for %i ms', async (status, retry, waitMs) => {
    server.next({ fault: 'status', status, headers: { 'retry-after': retry } });
    expect(await ask()).toMatchObject({ kind: 'cannot_tell', trouble: 'busy', waitMs });
  });

  it('takes any JSON without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), anyAnswer, async (noise, almost) => {
        for (const body of [noise, almost]) {
          server.next({ fault: 'status', status: 200, body });
          expect(['match', 'no_match', 'cannot_tell']).toContain((await ask()).kind);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes neither sound nor key to where it is sent on to', async () => {
    const other = await start(() => warriors);
    server.next({ fault: 'redirect', to: other.url.replace('127.0.0.1', 'localhost') });
    expect(await ask()).toMatchObject({
      kind: 'cannot_tell',
      trouble: 'fault',
      why: expect.stringContaining('sends on to localhost'),
    });
    expect(other.calls).toEqual([]);
    await other.close();
  });

  it('cannot tell when nobody is there', async () => {
    await server.close();
    expect(await ask()).toMatchObject({ trouble: 'fault', why: 'it cannot be reached (ECONNREFUSED)' });
    server = await start(() => song);
  });

  it('gives up at once when it is cancelled', async () => {
    server.next({ fault: 'hang' });
    const cancel = new AbortController();
    const using = provider(server.url);
    const answer = askWithin(60_000, (signal) => using.identify(sound, signal, circumstances), cancel.signal);
    setTimeout(() => cancel.abort(), 50);
    expect(await answer).toMatchObject({ kind: 'cannot_tell', why: 'it was cancelled' });
  });
});

it('AudD without a time that can be read names the song all the same', async () => {
  const server = await startAudd({ token: keys.token, song: () => warriors });
  server.next({
    fault: 'status',
    status: 200,
    body: { status: 'success', result: { artist: 'A', title: 'B', timecode: 12, spotify: 'none' } },
  });
  const provider = audd({ token: keys.token, url: server.url });
  expect(await provider.identify(sound, new AbortController().signal, circumstances)).toMatchObject({
    match: { offsetSeconds: 0, durationSeconds: null, offsetToleranceMs: Number.POSITIVE_INFINITY },
  });
  await server.close();
});

describe('an answer with a part of another form', () => {
  const song = {
    title: 'Song',
    artists: [{ name: 'Band' }],
    album: { name: 'Album' },
    duration_ms: 200_000,
    play_offset_ms: 50_000,
    score: 100,
  };

  /** What is made of a good answer of ACRCloud with these entries. */
  async function askAcrcloud(music: readonly unknown[], clip = sound) {
    const server = await startAcrcloud({ ...keys, song: () => warriors });
    const body = { status: { code: 0, msg: 'Success', version: '1.0' }, metadata: { music } };
    server.next({ fault: 'status', status: 200, body });
    const { key: accessKey, secret: accessSecret } = keys;
    const provider = acrcloud({ accessKey, accessSecret, url: server.url, now: Date.now });
    const answer = await provider.identify(clip, new AbortController().signal, circumstances);
    await server.close();
    return answer;
  }

  it.each([
    ['a second entry without artists', [song, { ...song, title: 'Other', score: 101, artists: undefined }]],
    ['a second entry without a title', [{ ...song, score: 101, title: '' }, song]],
    ['a length of nothing', [{ ...song, duration_ms: 0 }]],
    ['a length as text', [{ ...song, duration_ms: '200000' }]],
    ['a label that is a number', [{ ...song, label: 5 }]],
    ['an album of another kind', [{ ...song, album: { name: ['x'] } }]],
  ])('is a match of ACRCloud all the same: %s', async (_, music) => {
    expect(await askAcrcloud(music)).toMatchObject({
      kind: 'match',
      track: { track_name: 'Song', artist_name: 'Band' },
    });
  });

  it.each([
    [
      'the parts that clip and song have in common begin',
      { db_begin_time_offset_ms: 61_500, sample_begin_time_offset_ms: 1500 },
      60,
    ],
    ['the end of the clip is, where only one of these is told', { db_begin_time_offset_ms: 61_500 }, 62],
  ])('places a match of ACRCloud by where %s', async (_, told, offsetSeconds) => {
    const music = [{ ...song, play_offset_ms: 70_000, ...told }];
    expect(await askAcrcloud(music, { ...sound, startMs: 0, endMs: 8000 })).toMatchObject({
      kind: 'match',
      match: { offsetSeconds },
    });
  });

  it.each([{ album: 5 }, { label: {} }, { spotify: { duration_ms: 0, track_number: 'A1' } }])(
    'is a match of AudD all the same: %j',
    async (odd) => {
      const server = await startAudd({ token: keys.token, song: () => warriors });
      const result = { artist: 'Band', title: 'Song', timecode: '01:10', ...odd };
      server.next({ fault: 'status', status: 200, body: { status: 'success', result } });
      const provider = audd({ token: keys.token, url: server.url });
      expect(await provider.identify(sound, new AbortController().signal, circumstances)).toMatchObject({
        kind: 'match',
        track: { track_name: 'Song', artist_name: 'Band' },
      });
      await server.close();
    },
  );
});

describe('what the services say in their own codes', () => {
  it.each([
    [901, 'quota'],
    [902, 'quota'],
    [611, 'busy'],
    [300, 'sound'],
    [500, 'sound'],
    [31337, 'quota'],
    [12345, 'fault'],
  ])('AudD %i is %s', async (code, trouble) => {
    const server = await startAudd({ token: keys.token, song: () => warriors });
    server.next({
      fault: 'status',
      status: 200,
      body: {
        status: 'error',
        error: { error_code: code, error_message: 'Sorry.' },
        result: { artist: 'x' },
      },
    });
    const provider = audd({ token: keys.token, url: server.url });
    expect(await provider.identify(sound, new AbortController().signal, circumstances)).toEqual({
      kind: 'cannot_tell',
      trouble,
      why: `it says: Sorry. (${code})`,
    });
    await server.close();
  });

  it.each([
    [2004, 'sound'],
    [3000, 'fault'],
    [3001, 'key'],
    [3003, 'quota'],
    [3014, 'key'],
    [3015, 'busy'],
  ])('ACRCloud %i is %s', async (code, trouble) => {
    const server = await startAcrcloud({ ...keys, song: () => warriors });
    server.next({ fault: 'status', status: 200, body: { status: { code, msg: 'Sorry.', version: '1.0' } } });
    const provider = acrcloud({
      accessKey: keys.key,
      accessSecret: keys.secret,
      url: server.url,
      now: Date.now,
    });
    expect(await provider.identify(sound, new AbortController().signal, circumstances)).toMatchObject({
      kind: 'cannot_tell',
      trouble,
    });
    await server.close();
  });
});
