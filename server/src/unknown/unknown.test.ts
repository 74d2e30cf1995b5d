import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PidentifyError, type UnknownList } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playOf, type Rig, startRig, until } from '../testing/rig.ts';

const id = randomUUID();
const at = '2026-11-22T10:00:00.000Z';
const list: UnknownList = {
  groups: [
    {
      id,
      times_heard: 1,
      first_heard: at,
      last_heard: at,
      seconds: 200,
      sound_id: id,
      hearings: [{ id, started_at: at, ended_at: '2026-11-22T10:03:20.000Z' }],
    },
  ],
  sound_bytes: 12_345,
};

let rig: Rig;
let asked: unknown[];
beforeEach(async () => {
  rig = await startRig();
  asked = [];
});
afterEach(() => rig.close());

describe('/api/unknown', () => {
  it("tells what the recorder keeps, and the recorder's absence", async () => {
    const away = await rig.call('GET', '/api/unknown');
    expect([away.status, away.json.status]).toEqual([503, 'recorder_unavailable']);
    await rig.bus.answer('recorder.unknown', () => list).active;
    expect((await rig.call('GET', '/api/unknown')).json).toMatchObject({ success: true, data: list });
  });

  it('names a group, and says when it is gone', async () => {
    await rig.bus.answer('recorder.name-unknown', (question) => {
      asked.push(question);
      if (question.id !== id) throw new PidentifyError('unknown_not_found');
      return { plays: 3 };
    }).active;
    const names = { track_name: ' Song ', artist_name: 'Band' };
    const { json } = await rig.call('POST', `/api/unknown/${id}/name`, names);
    expect(json.data).toEqual({ plays: 3 });
    expect(asked).toEqual([{ id, names: { track_name: 'Song', artist_name: 'Band' } }]);
    const gone = await rig.call('POST', `/api/unknown/${randomUUID()}/name`, names);
    expect([gone.status, gone.json.status]).toEqual([404, 'unknown_not_found']);
    expect((await rig.call('POST', `/api/unknown/${id}/name`, { track_name: ' ' })).status).toBe(400);
  });

  it('deletes one or all, with or without what is known of them', async () => {
    await rig.bus.answer('recorder.drop-unknown', (question) => {
      asked.push(question);
      return { done: true };
    }).active;
    for (const path of ['', '/sound', `/${id}`, `/${id}/sound`])
      expect((await rig.call('DELETE', `/api/unknown${path}`)).status).toBe(200);
    expect(asked).toEqual([
      { id: null, what: 'group' },
      { id: null, what: 'sound' },
      { id, what: 'group' },
      { id, what: 'sound' },
    ]);
  });

  it('plays the sound, from its folder only, any part of it, without the recorder', async () => {
    mkdirSync(join(rig.data, 'unknown'));
    writeFileSync(join(rig.data, 'unknown', `${id}.flac`), 'fLaC and the sound');
    writeFileSync(join(rig.data, 'secret.flac'), 'secret');
    const part = await rig.call('GET', `/api/unknown/${id}/sound`, undefined, { range: 'bytes=0-3' });
    expect([part.status, part.text, part.headers.get('content-type')]).toEqual([206, 'fLaC', 'audio/flac']);
    const none = await rig.call('GET', `/api/unknown/${randomUUID()}/sound`);
    expect([none.status, none.json.status]).toEqual([404, 'sound_not_found']);
    expect((await rig.call('GET', '/api/unknown/..%2fsecret/sound')).status).toBe(400);
  });

  it('tells the page when the list has changed', async () => {
    const messages: string[] = [];
    const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/api/live`);
    socket.onmessage = ({ data }) => void messages.push(String(data));
    await until(() => messages.length > 0);
    await rig.bus.publish('recorder.unknown-changed', {});
    await until(() => messages.includes('{"type":"unknown"}'));
    socket.close();
  });
});

describe('/api/history/{id}/wrong', () => {
  const history = async () => (await rig.call('GET', '/api/history')).json;

  it('takes a play back, tells the recorder what it was called, and can be undone', async () => {
    const play = playOf({ ended_at: '2026-11-22T10:02:30.000Z' });
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    const wrong = `/api/history/${play.entry_id}/wrong`;
    const away = await rig.call('POST', wrong);
    expect([away.status, (await history()).total_count]).toEqual([503, 1]);
    const anew = playOf({ entry_id: randomUUID(), started_at: play.started_at });
    await rig.bus.answer('recorder.wrong-track', (question) => {
      asked.push(question);
      return { done: true };
    }).active;
    await rig.bus.answer('recorder.right-track', (question) => {
      asked.push(question);
      return { no_plays: [anew.entry_id, randomUUID()] };
    }).active;
    expect((await rig.call('POST', wrong)).status).toBe(200);
    expect(asked[0]).toEqual({
      entry_id: play.entry_id,
      track_ids: ['teardrop'],
      started_at: play.started_at,
      ended_at: play.ended_at,
    });
    expect(await history()).toMatchObject({ total_count: 0, data: [] });
    // The recorder tells its end a little later: it stays away all the same.
    await rig.bus.ask('server.remember', { ...play, revision: 2 }, { timeoutMs: 5_000 });
    expect((await history()).total_count).toBe(0);
    expect((await rig.call('POST', wrong)).json.status).toBe('entry_not_found');
    // It was named anew meanwhile, which is undone as well, however late that play is told.
    await rig.bus.ask('server.remember', anew, { timeoutMs: 5_000 });
    expect((await rig.call('DELETE', wrong)).status).toBe(200);
    expect(asked[1]).toEqual({ entry_id: play.entry_id });
    await rig.bus.ask('server.remember', { ...anew, revision: 2 }, { timeoutMs: 5_000 });
    expect(await history()).toMatchObject({ total_count: 1, data: [{ entry_id: play.entry_id }] });
    expect((await rig.call('DELETE', wrong)).json.status).toBe('entry_not_found');
  });

  it('is undone by both or neither: with the recorder away it can be asked for again', async () => {
    const play = playOf({ ended_at: '2026-11-22T10:02:30.000Z' });
    await rig.bus.ask('server.remember', play, { timeoutMs: 5_000 });
    const wrong = `/api/history/${play.entry_id}/wrong`;
    expect((await rig.call('DELETE', wrong)).json.status).toBe('entry_not_found');
    await rig.bus.answer('recorder.wrong-track', () => ({ done: true })).active;
    expect((await rig.call('POST', wrong)).status).toBe(200);
    const away = await rig.call('DELETE', wrong);
    expect([away.json.status, (await history()).total_count]).toEqual(['recorder_unavailable', 0]);
    await rig.bus.answer('recorder.right-track', (question) => {
      asked.push(question);
      return { no_plays: [] };
    }).active;
    expect((await rig.call('DELETE', wrong)).status).toBe(200);
    expect([asked, (await history()).total_count]).toEqual([[{ entry_id: play.entry_id }], 1]);
  });
});
