import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askWithin } from '../identify.ts';
import { acoustid } from './acoustid.ts';
import type { Fault, ServiceServer } from './testing/service-server.ts';
import { startAcoustid } from './testing/services.ts';

const key = 'app-key-12345';
const sampleRate = 11_025;
async function* noise() {
  let state = 1;
  for (let second = 0; second < 30; second += 1) {
    yield Float32Array.from({ length: sampleRate }, () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    });
  }
}
const artists = [{ name: 'Queen', joinphrase: ' & ' }, { name: 'David Bowie' }];
const releasegroups = [
  { title: 'Greatest Hits', type: 'Album', secondarytypes: ['Compilation'] },
  { title: 'Hot Space', type: 'Album' },
];

let server: ServiceServer;
let results: { score: number; recordings: object[] }[];
beforeEach(async () => {
  results = [];
  server = await startAcoustid({ key, known: () => results });
});
afterEach(() => server.close());

const ask = ({ given = key, limitMs = 10_000 } = {}) =>
  askWithin(limitMs, (signal) =>
    acoustid({ key: given, url: server.url }).identifyTrack(
      { blocks: noise(), sampleRate, durationSeconds: 240.4 },
      signal,
    ),
  );

describe('acoustid', () => {
  it('names the recording of the best score whose length fits best, with its own album', async () => {
    results = [
      { score: 0.75, recordings: [{ title: 'Another', duration: 240, artists }] },
      {
        score: 0.98,
        recordings: [
          { id: 'described by nobody' },
          { title: 'Under Pressure (long)', duration: 246, artists },
          { title: 'Under Pressure', duration: 241, artists, releasegroups },
        ],
      },
    ];
    expect(await ask()).toMatchObject({
      kind: 'match',
      track: {
        source: 'acoustid',
        track_name: 'Under Pressure',
        artist_name: 'Queen & David Bowie',
        album_name: 'Hot Space',
        duration_seconds: 241,
      },
    });
    const [{ form }] = server.calls;
    expect([form.get('duration'), form.get('meta')]).toEqual(['240', 'recordings releasegroups compress']);
  });

  it.each([
    ['nothing is like it', []],
    ['what is like it is not like enough', [{ score: 0.5, recordings: [{ title: 'A', artists }] }]],
    ['nobody has described it', [{ score: 0.99, recordings: [{}] }]],
    ['it is of another length', [{ score: 0.99, recordings: [{ title: 'A', duration: 500, artists }] }]],
  ])('says no match when %s', async (_, given) => {
    results = given;
    expect(await ask()).toEqual({ kind: 'no_match' });
  });

  it('names a recording of which some facts have another form', async () => {
    const odd = { title: 'Under Pressure', duration: 0, artists: [{ name: '' }], releasegroups: [5] };
    results = [{ score: 0.98, recordings: [odd] }];
    expect(await ask()).toMatchObject({ kind: 'match', track: { track_name: 'Under Pressure' } });
    results = [
      {
        score: 0.98,
        recordings: [
          { ...odd, artists },
          { title: 7, duration: 240 },
        ],
      },
    ];
    expect(await ask()).toMatchObject({ kind: 'match', track: { artist_name: 'Queen & David Bowie' } });
  });

  it('knows that its key is wrong, and repeats it to nobody', async () => {
    const answer = await ask({ given: 'wrong-key-99' });
    expect(answer).toMatchObject({
      kind: 'cannot_tell',
      trouble: 'key',
      why: 'it says: invalid API key … (4)',
    });
  });

  it.each<[Fault, string]>([
    [{ fault: 'status', status: 400, body: { status: 'error', error: { code: 3, message: 'no' } } }, 'sound'],
    [{ fault: 'status', status: 429, body: { status: 'error', error: { code: 14 } } }, 'busy'],
    [{ fault: 'status', status: 500, body: { status: 'error', error: { code: 5 } } }, 'fault'],
    [{ fault: 'html', status: 502 }, 'fault'],
    [{ fault: 'garbage' }, 'fault'],
    [{ fault: 'truncated' }, 'fault'],
    [{ fault: 'wrong-types' }, 'fault'],
    [{ fault: 'reset' }, 'fault'],
    [{ fault: 'endless' }, 'fault'],
    [{ fault: 'hang' }, 'fault'],
    [{ fault: 'redirect', to: 'http://localhost:1/' }, 'fault'],
  ])('%j: cannot tell (%s)', async (fault, trouble) => {
    server.next(fault);
    expect(await ask({ limitMs: 2000 })).toMatchObject({ kind: 'cannot_tell', trouble });
    expect(server.calls).toHaveLength(1);
  });
});
