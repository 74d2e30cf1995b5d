import { envelopeSchema } from '@pidentify/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeEntries, ripId } from '../../dev/fake-data.ts';
import { deleteEntries, patchEntries } from './history.ts';
import { ApiError, ask, errorSentence } from './request.ts';
import { openRip, uploadArtwork } from './rip.ts';

type Call = { path: string; init: RequestInit };
const well = { success: true, status: 'ok', message: 'Done.' };

/** Answers each request in turn; returns what was asked. */
function answerWith(...answers: (Response | Error)[]): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push({ path, init });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer.clone();
  });
  return calls;
}

const refusal = (status: string, message: string, http: number) =>
  Response.json({ success: false, status, message }, { status: http });

const askAnything = () => ask({ path: '/api/x', answer: envelopeSchema });

afterEach(() => vi.unstubAllGlobals());

describe('a request', () => {
  test('gives the parsed answer', async () => {
    answerWith(Response.json({ ...well, more: 1 }));
    expect(await askAnything()).toEqual(well);
  });

  test("that is refused has the server's code and sentence", async () => {
    answerWith(refusal('disk_full', 'The disk is full.', 507));
    await expect(askAnything()).rejects.toMatchObject({
      code: 'disk_full',
      message: 'The disk is full.',
      httpStatus: 507,
    });
  });

  test('that reaches nobody says so', async () => {
    answerWith(new TypeError('fetch failed'));
    await expect(askAnything()).rejects.toMatchObject({ code: 'unreachable', httpStatus: null });
  });

  test('that meets the page of a proxy names the HTTP status', async () => {
    answerWith(new Response('<html>', { status: 502 }));
    await expect(askAnything()).rejects.toMatchObject({
      code: 'unexpected_answer',
      message: 'Pidentify answered with error 502.',
    });
  });

  test('whose answer is not what the contract says is an error, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        answerWith(new Response(text));
        await expect(askAnything()).rejects.toBeInstanceOf(ApiError);
      }),
      { numRuns: 50 },
    );
  });

  test('that was given up by the page stays what it was', async () => {
    const gone = new AbortController();
    gone.abort();
    answerWith(new DOMException('gone', 'AbortError'));
    await expect(ask({ path: '/api/x', answer: envelopeSchema, signal: gone.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

test('anything thrown has a sentence for people', () => {
  expect(errorSentence(new ApiError('x', 'A sentence.', 400))).toBe('A sentence.');
  expect(errorSentence(new Error('undefined is not a function'))).toBe('Something went wrong on this page.');
});

describe('history', () => {
  test('one entry has its own address, several share one', async () => {
    const calls = answerWith(Response.json(well));
    await patchEntries({ ids: ['a'], patch: { artist_name: 'B' } });
    await patchEntries({ ids: ['a', 'b'], patch: { artist_name: 'B' } });
    await deleteEntries({ ids: ['a', 'b'] });
    expect(calls.map(({ path, init }) => `${init.method} ${path} ${init.body}`)).toEqual([
      'PATCH /api/history/a {"artist_name":"B"}',
      'PATCH /api/history/batch {"entry_ids":["a","b"],"data":{"artist_name":"B"}}',
      'DELETE /api/history/batch {"entry_ids":["a","b"]}',
    ]);
  });
});

describe('a rip', () => {
  const rip = { history_entry: null, take: null };

  test('that has been cut is not cut again', async () => {
    const calls = answerWith(Response.json(rip));
    await openRip({ id: 'a' });
    expect(calls).toHaveLength(1);
  });

  test('that has not been cut is cut first', async () => {
    const calls = answerWith(
      refusal('rip_not_found', 'Not yet.', 404),
      Response.json(well),
      Response.json(rip),
    );
    expect(await openRip({ id: 'a' })).toEqual(rip);
    expect(calls.map(({ init, path }) => `${init.method} ${path}`)).toEqual([
      'GET /api/rip/a',
      'POST /api/rip/a/start',
      'GET /api/rip/a',
    ]);
  });

  test.each([
    ['that was cut while it played is cut again once it has ended', '2026-01-01T00:03:00.000Z', 3],
    ['that was cut while it plays stays as it is until it has ended', null, 1],
  ])('%s', async (_, ended_at, asked) => {
    const [entry] = fakeEntries({ count: 1 });
    const take = {
      ...{ entry_id: ripId, started_at: '2026-01-01T00:00:00.000Z', duration_seconds: 23, frames: 1_014_300 },
      ...{ sample_rate: 44_100, channels: 2, bits_per_sample: 16, start_offset: 0, end_offset: 0 },
      ...{ clean: true, complete: false },
    };
    const short = { history_entry: { ...entry, ended_at }, take };
    const calls = answerWith(Response.json(short), Response.json(well), Response.json(rip));
    await openRip({ id: 'a' });
    expect(calls).toHaveLength(asked);
  });

  test('of an entry that does not exist is not started', async () => {
    const calls = answerWith(refusal('entry_not_found', 'No.', 404));
    await expect(openRip({ id: 'a' })).rejects.toMatchObject({ code: 'entry_not_found' });
    expect(calls).toHaveLength(1);
  });

  test('sends a picture as it is', async () => {
    const calls = answerWith(Response.json({ ...well, data: '/api/artwork/x.png' }));
    const picture = new Blob(['x'], { type: 'image/png' });
    expect((await uploadArtwork({ picture })).data).toBe('/api/artwork/x.png');
    expect(calls[0].init.body).toBe(picture);
    expect(calls[0].init.headers).not.toHaveProperty('content-type');
  });
});
