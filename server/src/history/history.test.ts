import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entrySchema, historyPageSchema } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oldEntry, writeOldDatabase } from '../testing/old-database.ts';
import { playOf, type Rig, startRig } from '../testing/rig.ts';

const remember = (rig: Rig, ...plays: ReturnType<typeof playOf>[]) =>
  Promise.all(plays.map((play) => rig.bus.ask('server.remember', play, { timeoutMs: 5_000 })));
const entriesOf = async (rig: Rig) => (await rig.call('GET', '/api/history')).json.data;

describe('remember', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.close());

  it('writes a play that the history then shows', async () => {
    const play = playOf({ ended_at: '2026-11-22T10:02:30.000+00:00' });
    await remember(rig, play);
    const [entry] = await entriesOf(rig);
    expect(entrySchema.parse(entry)).toMatchObject({
      entry_id: play.entry_id,
      detected_at: play.detected_at,
      started_at: play.started_at,
      ended_at: '2026-11-22T10:02:30.000Z',
      saved_temp_buffer: false,
      track: { track_name: 'Teardrop', album_name: 'Mezzanine', track_no: 3, duration_seconds: 150 },
    });
  });

  it('marks a play that was not heard', async () => {
    await remember(rig, playOf({ inferred: true }));
    const [entry] = await entriesOf(rig);
    expect(entrySchema.parse(entry).inferred).toBe(true);
  });

  it('writes a play once, however often it is told', async () => {
    const play = playOf();
    await remember(rig, play, play);
    await remember(rig, play);
    expect(await entriesOf(rig)).toHaveLength(1);
  });

  it('a higher revision replaces the times, a lower one changes nothing', async () => {
    const play = playOf();
    await remember(rig, { ...play, revision: 3, started_at: '2026-11-22T09:59:58.500Z' });
    await remember(rig, { ...play, revision: 2 });
    expect((await entriesOf(rig))[0].started_at).toBe('2026-11-22T09:59:58.500Z');
    await remember(rig, { ...play, revision: 4, ended_at: '2026-11-22T10:03:00.000Z' });
    expect((await entriesOf(rig))[0]).toMatchObject({
      started_at: play.started_at,
      ended_at: '2026-11-22T10:03:00.000Z',
    });
  });

  it('two plays of one track are two entries of one track', async () => {
    await remember(rig, playOf());
    await remember(rig, playOf());
    const [a, b] = await entriesOf(rig);
    expect(a.entry_id).not.toBe(b.entry_id);
    expect(a.track_guid).toBe(b.track_guid);
  });

  it('the same id of another source is another track', async () => {
    const play = playOf();
    await remember(rig, play, playOf({ track: { ...play.track, source: 'shazam' } }));
    const [a, b] = await entriesOf(rig);
    expect(a.track_guid).not.toBe(b.track_guid);
  });

  it('refreshes what it knows of a track until a person corrects it', async () => {
    const play = playOf();
    await remember(rig, play);
    await remember(rig, playOf({ track: { ...play.track, track_name: 'Teardrop (Remaster)' } }));
    expect((await entriesOf(rig))[0].track.track_name).toBe('Teardrop (Remaster)');
    await rig.call('PATCH', `/api/history/${play.entry_id}`, { track_name: 'Mine' });
    await remember(rig, playOf());
    for (const entry of await entriesOf(rig)) expect(entry.track.track_name).toBe('Mine');
  });

  it('a play that a person removed stays away when it is told again', async () => {
    const play = playOf();
    await remember(rig, play);
    await rig.call('DELETE', `/api/history/${play.entry_id}`);
    await remember(rig, { ...play, revision: 2 });
    expect(await entriesOf(rig)).toEqual([]);
  });
});

describe('the history', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.close());

  it('is told in pages, the newest first', async () => {
    const minutes = Array.from({ length: 25 }, (_, index) => String(index).padStart(2, '0'));
    await remember(rig, ...minutes.map((m) => playOf({ detected_at: `2026-11-22T10:${m}:00.000Z` })));
    const first = historyPageSchema.parse((await rig.call('GET', '/api/history?page_size=10')).json);
    const third = historyPageSchema.parse((await rig.call('GET', '/api/history/?page=3&page_size=10')).json);
    expect([first.total_count, first.page, first.next_page]).toEqual([25, 1, 2]);
    expect(first.data.map((entry) => entry.detected_at.slice(14, 16))).toEqual(minutes.slice(15).reverse());
    expect([third.data.length, third.next_page]).toEqual([5, null]);
  });

  it.each(['page=0', 'page_size=9', 'page_size=101', 'page=x', 'page=1.5', 'page_size='])(
    'refuses the page ?%s',
    async (query) => {
      const { status, json } = await rig.call('GET', `/api/history?${query}`);
      expect([status, json.status, json.success]).toEqual([400, 'bad_request', false]);
      expect(json.message).toContain(query.split('=')[0]);
    },
  );

  it('a correction holds for every play of the track, and null empties a field', async () => {
    const [a, b, other] = [playOf(), playOf(), playOf({ name: 'Angel' })];
    await remember(rig, a, b, other);
    const patch = { track_name: 'Tear Drop', album_name: null };
    expect((await rig.call('PATCH', `/api/history/${a.entry_id}/`, patch)).json.success).toBe(true);
    const names = (await entriesOf(rig)).map((entry: { track: object }) => entry.track);
    expect(names).toHaveLength(3);
    for (const name of ['Tear Drop', 'Tear Drop', 'Angel'])
      expect(names.map((track: { track_name: string }) => track.track_name)).toContain(name);
    const page = await entriesOf(rig);
    const corrected = page.find((entry: { entry_id: string }) => entry.entry_id === b.entry_id);
    expect(corrected.track).toMatchObject({ album_name: null, artist_name: 'Massive Attack' });
  });

  it('changes and removes several at once, or none where one of them is unknown', async () => {
    const plays = [playOf({ name: 'A' }), playOf({ name: 'B' }), playOf({ name: 'C' })];
    await remember(rig, ...plays);
    const [a, b] = plays.map((play) => play.entry_id);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const patched = await rig.call('PATCH', '/api/history/batch', {
      entry_ids: [a, b.replaceAll('-', '').toUpperCase()],
      data: { artist_name: 'Us' },
    });
    expect(patched.status).toBe(200);
    const artists = (await entriesOf(rig)).map(
      (entry: { track: { artist_name: string } }) => entry.track.artist_name,
    );
    expect(artists.sort()).toEqual(['Massive Attack', 'Us', 'Us']);
    const refused = await rig.call('DELETE', '/api/history/batch', { entry_ids: [a, unknown] });
    expect([refused.status, refused.json.status]).toEqual([404, 'entry_not_found']);
    expect(await entriesOf(rig)).toHaveLength(3);
    expect((await rig.call('DELETE', '/api/history/batch', { entry_ids: [a, b] })).status).toBe(200);
    expect(await entriesOf(rig)).toHaveLength(1);
  });

  it.each([
    ['PATCH', {}],
    ['DELETE', undefined],
  ])('%s of an unknown entry is entry_not_found', async (method, body) => {
    const path = '/api/history/00000000-0000-4000-8000-000000000000';
    const { status, json } = await rig.call(method, path, body);
    expect([status, json.status]).toEqual([404, 'entry_not_found']);
  });

  it.each([
    { track_name: '' },
    { track_name: 7 },
    { duration_seconds: -1 },
    { unknown_field: 'x' },
    [],
    null,
    'text',
  ])('refuses the correction %j and changes nothing', async (patch) => {
    const play = playOf();
    await remember(rig, play);
    const { status, json } = await rig.call('PATCH', `/api/history/${play.entry_id}`, patch);
    expect([status, json.status]).toEqual([400, 'bad_request']);
    expect((await entriesOf(rig))[0].track.track_name).toBe('Teardrop');
  });

  it('removing an entry removes its take', async () => {
    const play = playOf();
    await remember(rig, play);
    const take = join(rig.data, 'temp', `${play.entry_id}.flac`);
    mkdirSync(join(rig.data, 'temp'));
    writeFileSync(take, 'sound');
    await rig.call('DELETE', `/api/history/${play.entry_id}`);
    expect(existsSync(take)).toBe(false);
  });
});

describe('the history of the old program', () => {
  it('is shown as it was, and what does not fit is left out', async () => {
    const rig = await startRig({ prepare: (data) => writeOldDatabase(join(data, 'database.db')) });
    try {
      const [entry] = await entriesOf(rig);
      expect(entrySchema.parse(entry)).toEqual({
        entry_id: '0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9',
        track_guid: 'ffeeddcc-bbaa-4998-8776-655443322110',
        detected_at: '2024-03-01T20:15:30.123Z',
        started_at: '2024-03-01T20:15:00.000Z',
        ended_at: null,
        is_manual: false,
        inferred: false,
        saved_temp_buffer: true,
        saved_to_library: false,
        track: {
          track_guid: 'ffeeddcc-bbaa-4998-8776-655443322110',
          track_name: 'Teardrop',
          artist_name: 'Massive Attack',
          album_name: 'Mezzanine',
          track_no: 3,
          label: 'Virgin',
          released: '1998',
          track_image: 'https://example.org/a.jpg',
          artist_image: null,
          duration_seconds: 330.5,
          last_fm: { url: 'https://www.last.fm/x' },
        },
      });
      expect((await rig.call('PATCH', `/api/history/${oldEntry}`, { track_name: 'New' })).status).toBe(200);
    } finally {
      await rig.close();
    }
  });
});
