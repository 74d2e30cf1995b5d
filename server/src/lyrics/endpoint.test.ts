import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lyricsSchema, type NowPlaying } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, sqlitePath } from '../database/open.ts';
import { type FakeLrclib, startFakeLrclib } from '../testing/fake-lrclib.ts';
import { playOf, type Rig, snapshotOf, startRig, until } from '../testing/rig.ts';
import { createKeptAnswers } from './kept-answers.ts';
import type { LyricsQuestion } from './lrclib.ts';

const play = playOf();
const playing: NowPlaying = {
  track: play.track,
  certainty: 'confirmed',
  started_at: play.started_at ?? '',
  recorded_at: play.started_at ?? '',
  offset: 0,
  speed: 1,
  entry_id: null,
};
const timed = '[00:01.00]Love, love is a verb';

let rig: Rig;
let lrclib: FakeLrclib;
beforeEach(async () => {
  lrclib = await startFakeLrclib();
  rig = await startRig({ config: { lyrics_from_lrclib: true, lrclib_url: lrclib.url } });
});
afterEach(async () => {
  await rig.close();
  await lrclib.close();
});

const ask = () => rig.call('GET', '/api/lyrics/');
async function show(
  track: Partial<NowPlaying['track']> = {},
  certainty: NowPlaying['certainty'] = 'confirmed',
): Promise<void> {
  const now_playing = { ...playing, certainty, track: { ...play.track, ...track } };
  await rig.bus.publish('recorder.snapshot', snapshotOf({ now_playing }));
  const shown = async () => (await rig.call('GET', '/api/status')).json;
  await until(async () => {
    const status = await shown();
    return status.track?.track_name === now_playing.track.track_name && status.certainty === certainty;
  });
}

describe('GET /api/lyrics', () => {
  it('is no_track while nothing plays', async () => {
    const { status, json } = await ask();
    expect([status, json.status]).toEqual([400, 'no_track']);
  });

  it('gives what lies beside the file that plays', async () => {
    writeFileSync(join(rig.music, 'x.lrc'), timed);
    await show({ file_path: join(rig.music, 'x.flac') });
    const { status, json, headers } = await ask();
    expect(status).toBe(200);
    expect(lyricsSchema.parse(json)).toEqual({
      synced: true,
      lines: [{ startTimeMs: 1000, words: 'Love, love is a verb' }],
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(lrclib.calls).toEqual([]);
  });

  it('gives what LRCLIB has, asked once, also when it is switched off later', async () => {
    lrclib.tracks.set('Teardrop', { syncedLyrics: timed });
    await show();
    expect((await ask()).json.lines).toHaveLength(1);
    expect((await ask()).json.lines).toHaveLength(1);
    await rig.call('PATCH', '/api/settings', { lyrics_from_lrclib: false });
    expect((await ask()).status).toBe(200);
    expect(lrclib.calls.map(({ query }) => query)).toEqual([
      { artist_name: 'Massive Attack', track_name: 'Teardrop', album_name: 'Mezzanine', duration: '150' },
    ]);
    expect(lrclib.calls[0].headers['user-agent']).toBe('Pidentify/9.9.9');
  });

  it('tells LRCLIB nothing of a track that is a guess still', async () => {
    lrclib.tracks.set('Teardrop', { syncedLyrics: timed });
    await show({}, 'tentative');
    expect((await ask()).json.status).toBe('lyrics_not_found');
    expect(lrclib.calls).toEqual([]);
    await show();
    expect((await ask()).status).toBe(200);
    expect(lrclib.calls).toHaveLength(1);
  });

  it('is lyrics_not_found where nobody has any, and goes by what a person has corrected', async () => {
    lrclib.tracks.set('Mine', { plainLyrics: 'Words' });
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    await show();
    const none = await ask();
    expect([none.status, none.json.status]).toEqual([404, 'lyrics_not_found']);
    await rig.call('PATCH', `/api/history/${play.entry_id}`, { track_name: 'Mine' });
    await until(async () => (await rig.call('GET', '/api/status')).json.track?.track_name === 'Mine');
    expect((await ask()).json).toEqual({ synced: false, lines: [{ startTimeMs: 0, words: 'Words' }] });
  });

  it('asks nobody unless it was switched on', async () => {
    const own = await startRig({ config: { lrclib_url: lrclib.url } });
    try {
      await own.bus.publish('recorder.snapshot', snapshotOf({ now_playing: playing }));
      await until(async () => (await own.call('GET', '/api/status')).json.success);
      expect((await own.call('GET', '/api/lyrics')).json.status).toBe('lyrics_not_found');
      expect(lrclib.calls).toEqual([]);
    } finally {
      await own.close();
    }
  });

  it('is lyrics_unavailable when LRCLIB fails, which holds up nothing else', async () => {
    lrclib.next('hang');
    await show();
    const slow = ask();
    await until(() => lrclib.calls.length === 1);
    expect((await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 })).done).toBe(true);
    expect((await rig.call('GET', '/api/status')).json.success).toBe(true);
    await lrclib.close();
    const { status, json } = await slow;
    expect([status, json.status]).toEqual([503, 'lyrics_unavailable']);
    lrclib = await startFakeLrclib();
  });

  it('is asked one at a time, by however many people', async () => {
    lrclib.tracks.set('Teardrop', { syncedLyrics: timed });
    lrclib.next('slow');
    await show();
    const answers = await Promise.all(Array.from({ length: 5 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(lrclib.calls).toHaveLength(1);
    expect(lrclib.mostAtOnce()).toBe(1);
  });

  it('a question under way does not hold up the end', async () => {
    lrclib.next('hang');
    await show();
    const cut = ask().catch(() => 'cut off');
    await until(() => lrclib.calls.length === 1);
    const begin = performance.now();
    await rig.server.stop();
    expect(performance.now() - begin).toBeLessThan(5000);
    await cut;
    rig.server.stop = async () => undefined;
  });
});

describe('answers that are kept', () => {
  const question: LyricsQuestion = { artist: 'A', title: 'B', album: null, seconds: null };
  const day = 24 * 60 * 60_000;

  it('hold, but "none" for a week', async () => {
    const database = openDatabase(sqlitePath(rig.environment.DB_URL));
    let nowMs = Date.parse('2026-11-22T10:00:00.000Z');
    const kept = createKeptAnswers({ database, now: () => nowMs });
    try {
      expect(await kept.find(question)).toBeNull();
      await kept.keep(question, { kind: 'none' });
      nowMs += 7 * day - 1;
      expect(await kept.find(question)).toEqual({ kind: 'none' });
      expect(await kept.find({ ...question, seconds: 7 })).toBeNull();
      nowMs += 1;
      expect(await kept.find(question)).toBeNull();
      nowMs -= 30 * day;
      expect(await kept.find(question)).toBeNull();
      for (const answer of [{ kind: 'instrumental' }, { kind: 'lyrics', text: 'Words' }] as const) {
        await kept.keep(question, answer);
        nowMs += 400 * day;
        expect(await kept.find(question)).toEqual(answer);
      }
    } finally {
      await database.destroy();
    }
  });
});
