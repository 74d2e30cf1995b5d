import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeLrclib, startFakeLrclib } from '../testing/fake-lrclib.ts';
import { createLrclib, type LyricsQuestion } from './lrclib.ts';

const question: LyricsQuestion = {
  artist: 'Massive Attack',
  title: 'Teardrop',
  album: 'Mezzanine',
  seconds: 330,
};

let lrclib: FakeLrclib;
beforeEach(async () => {
  lrclib = await startFakeLrclib();
});
afterEach(() => lrclib.close());

const ask = (parts: Partial<LyricsQuestion> = {}, limitMs = 5000) =>
  createLrclib({ url: () => lrclib.url, version: '9.9.9' })(
    { ...question, ...parts },
    AbortSignal.timeout(limitMs),
  );

describe('LRCLIB', () => {
  it('is told title, artist, album and length, and who asks', async () => {
    await ask();
    expect(lrclib.calls).toHaveLength(1);
    const [{ query, headers }] = lrclib.calls;
    expect(query).toEqual({
      artist_name: 'Massive Attack',
      track_name: 'Teardrop',
      album_name: 'Mezzanine',
      duration: '330',
    });
    expect(headers['user-agent']).toBe('Pidentify/9.9.9');
  });

  it('is not told what is not known, nor a length it does not take', async () => {
    await ask({ album: null, seconds: null });
    await ask({ seconds: 4000, title: 'Ä & B = ?' });
    expect(lrclib.calls.map(({ query }) => query)).toEqual([
      { artist_name: 'Massive Attack', track_name: 'Teardrop' },
      { artist_name: 'Massive Attack', track_name: 'Ä & B = ?', album_name: 'Mezzanine' },
    ]);
  });

  it.each([
    [
      { syncedLyrics: '[00:01.00]One', plainLyrics: 'One' },
      { kind: 'lyrics', text: '[00:01.00]One' },
    ],
    [{ plainLyrics: 'One' }, { kind: 'lyrics', text: 'One' }],
    [
      { syncedLyrics: ' ', plainLyrics: 'One' },
      { kind: 'lyrics', text: 'One' },
    ],
    [{ instrumental: true }, { kind: 'instrumental' }],
    [{}, { kind: 'none' }],
  ])('what has %j is %j', async (track, answer) => {
    lrclib.tracks.set('Teardrop', track);
    expect(await ask()).toEqual(answer);
  });

  it('has none of a track that it does not know', async () => {
    expect(await ask()).toEqual({ kind: 'none' });
  });

  it('that refuses says for how long', async () => {
    lrclib.next(
      { status: 429, headers: { 'retry-after': '120' }, body: 'Too many requests' },
      { status: 429 },
      { status: 503, headers: { 'retry-after': '5' } },
    );
    expect(await ask()).toEqual({
      kind: 'fault',
      why: 'It does not work right now (HTTP 429).',
      waitMs: 120_000,
    });
    expect(await ask()).toEqual({ kind: 'fault', why: 'It does not work right now (HTTP 429).' });
    expect(await ask()).toMatchObject({ waitMs: 5000 });
  });

  const page = '<!DOCTYPE html><html><body>Not here</body></html>';
  it.each([
    ['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: page }],
    ['a web page that says 404', { status: 404, body: page }],
    ['garbage', { status: 200, body: '\u0000\u00ff{[' }],
    ['half of it', { status: 200, body: '{"instrumental":false,"plainLyrics":"On' }],
    ['other types', { status: 200, body: '{"instrumental":0,"plainLyrics":["x"],"syncedLyrics":7}' }],
    ['nothing', { status: 200, body: '' }],
    ['an empty object', { status: 200, body: '{}' }],
    ['another 404', { status: 404, body: '{"name":"NotFound"}' }],
    ['a redirect', { status: 301, headers: { location: 'https://example.org/' } }],
    ['an error', { status: 500, body: '{"name":"UnknownError"}' }],
    ['a body without end', 'endless' as const],
  ])('that answers with %s could not tell', async (_name, fault) => {
    lrclib.next(fault);
    const answer = await ask();
    expect(answer.kind).toBe('fault');
    expect(answer).not.toHaveProperty('waitMs');
    expect(lrclib.calls).toHaveLength(1);
  });

  it('that says nothing is not waited for', async () => {
    lrclib.next('hang');
    expect((await ask({}, 100)).kind).toBe('fault');
  });

  it('that is not there could not tell', async () => {
    await lrclib.close();
    expect(await ask()).toMatchObject({ kind: 'fault', why: expect.stringContaining('ECONNREFUSED') });
    lrclib = await startFakeLrclib();
  });
});
