import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig, type ProviderHealth, providerHealthSchema } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sound } from '../identify.ts';
import { openStore, type Store } from '../store.ts';
import { createServices, type ServiceSettings } from './services.ts';
import type { ServiceServer } from './testing/service-server.ts';
import { type KnownSong, startAcoustid, startAcrcloud, startAudd } from './testing/services.ts';

const warriors: KnownSong = { title: 'Warriors', artist: 'I. D.', durationSeconds: 170, offset: () => 100 };
const sound: Sound = { startMs: 0, endMs: 9000, pcm: new Float32Array(9 * 11_025).fill(0.1) };
const circumstances = { belief: 'none', heardMs: 9000 } as const;

let folder: string;
let store: Store;
let auddServer: ServiceServer;
let acrServer: ServiceServer;
let auddSong: KnownSong;
let nowMs: number;
let health: ProviderHealth[];
let troubles: string[];
let open: ReturnType<typeof createServices>[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-services-'));
  store = openStore(folder, () => new Date()).store;
  auddSong = warriors;
  auddServer = await startAudd({ token: 'tok', song: () => auddSong });
  acrServer = await startAcrcloud({ key: 'key', secret: 'sec', song: () => warriors });
  nowMs = new Date(2026, 10, 26, 12).getTime();
  troubles = [];
  open = [];
});
afterEach(async () => {
  for (const services of open) services.close();
  await auddServer.close();
  await acrServer.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const settingsWith = (given: Partial<ServiceSettings> = {}): ServiceSettings => ({
  ...defaultConfig,
  audd_token: 'tok',
  audd_url: auddServer.url,
  acrcloud_access_key: 'key',
  acrcloud_access_secret: 'sec',
  acrcloud_url: acrServer.url,
  ...given,
});

function services(given: Partial<ServiceSettings> = {}) {
  const made = createServices({
    store,
    now: () => nowMs,
    random: () => 0.5,
    onHealth: (all) => {
      health = all.map((each) => providerHealthSchema.parse(each));
    },
    onTrouble: (name, why) => troubles.push(`${name}: ${why}`),
    onUnsaved: (error) => troubles.push(`not saved: ${error}`),
  });
  open.push(made);
  made.apply(settingsWith(given));
  return made;
}
const of = (name: string) => health.find((each) => each.name === name);
const later = (seconds: number) => {
  nowMs += seconds * 1000;
};

describe('the services together', () => {
  it('are off without a key, and when they are not in the order', () => {
    const made = services({ audd_token: '', provider_order: ['audd', 'acoustid'] });
    expect(health.map(({ name, state }) => [name, state])).toEqual([
      ['audd', 'no_key'],
      ['acoustid', 'no_key'],
      ['acrcloud', 'off'],
    ]);
    expect(made.mayAsk()).toBe(false);
  });

  it('are asked in order, and no more than are needed', async () => {
    const made = services();
    expect(await made.ask(sound, circumstances, null)).toMatchObject({ by: 'audd' });
    expect([auddServer.calls.length, acrServer.calls.length]).toEqual([1, 0]);
    auddSong = null;
    expect(await made.ask(sound, circumstances, null)).toMatchObject({ by: 'acrcloud' });
    expect([auddServer.calls.length, acrServer.calls.length]).toEqual([2, 1]);
    // Whoever named the track is asked first whether it still is.
    expect(await made.ask(sound, circumstances, 'acrcloud')).toMatchObject({ by: 'acrcloud' });
    expect([auddServer.calls.length, acrServer.calls.length]).toEqual([2, 2]);
  });

  it('tell what each of them said, and leave out those who are not meant', async () => {
    const made = services();
    auddSong = null;
    expect(made.askable('clip')).toEqual(['audd', 'acrcloud']);
    const both = await made.ask(sound, circumstances, null);
    expect(both.answers.map(({ by, answer }) => [by, answer.kind])).toEqual([
      ['audd', 'no_match'],
      ['acrcloud', 'match'],
    ]);
    expect(await made.ask(sound, circumstances, null, ['audd'])).toMatchObject({
      answer: { kind: 'no_match' },
      by: null,
    });
    expect([auddServer.calls.length, acrServer.calls.length]).toEqual([2, 1]);
  });

  it('give the same song the same name', async () => {
    const made = services();
    const first = await made.ask(sound, circumstances, 'audd');
    const second = await made.ask(sound, circumstances, 'acrcloud');
    expect([first.by, second.by]).toEqual(['audd', 'acrcloud']);
    const idOf = ({ answer }: typeof first) => answer.kind === 'match' && answer.match.trackId;
    expect(idOf(first)).toBe(idOf(second));
  });

  it('are asked, and count, also when the database takes nothing, which is told once', async () => {
    const made = services({ provider_daily_budget: 2 });
    store.exec('PRAGMA query_only = 1');
    expect(await made.ask(sound, circumstances, null)).toMatchObject({ by: 'audd' });
    expect(await made.ask(sound, circumstances, 'audd')).toMatchObject({ by: 'audd' });
    expect(of('audd')).toMatchObject({ state: 'budget_used', calls_today: 2 });
    expect(troubles).toEqual([expect.stringContaining('readonly')]);
    store.exec('PRAGMA query_only = 0');
  });

  it('tell how they are: calls, budget, last answer, time', async () => {
    const made = services({ provider_daily_budget: 7 });
    await made.ask(sound, circumstances, null);
    expect(of('audd')).toMatchObject({
      state: 'ready',
      calls_today: 1,
      budget: 7,
      last_answer: { kind: 'match', text: 'Warriors by I. D.' },
      median_ms: expect.any(Number),
    });
  });

  it('cover for each other while one of them fails, and it is left alone after three failures', async () => {
    const made = services();
    auddServer.always({ fault: 'html', status: 502 });
    for (let i = 0; i < 5; i += 1) {
      expect((await made.ask(sound, circumstances, null)).by).toBe('acrcloud');
      later(20);
    }
    expect(auddServer.calls.length).toBeLessThanOrEqual(4);
    expect(troubles[0]).toBe('audd: it answers with a web page (HTTP 502)');
    expect(of('audd')).toMatchObject({ state: 'failing', detail: 'it answers with a web page (HTTP 502)' });
    auddServer.always(null);
    later(100);
    expect((await made.ask(sound, circumstances, null)).by).toBe('audd');
    expect(of('audd')).toMatchObject({ state: 'ready', detail: null });
  });

  it('respect Retry-After, also after a restart', async () => {
    const made = services({ provider_order: ['audd'] });
    auddServer.next({ fault: 'status', status: 429, headers: { 'retry-after': '300' } });
    await made.ask(sound, circumstances, null);
    expect(of('audd')).toMatchObject({ state: 'waiting', until: new Date(nowMs + 300_000).toISOString() });
    const again = services({ provider_order: ['audd'] });
    later(299);
    expect(again.mayAsk()).toBe(false);
    later(2);
    expect(again.mayAsk()).toBe(true);
  });

  it('keep to the budget of the day, also after a restart', async () => {
    const given = { provider_order: ['audd'] as ['audd'], provider_daily_budget: 2 };
    const made = services(given);
    await made.ask(sound, circumstances, null);
    const again = services(given);
    await again.ask(sound, circumstances, null);
    await again.ask(sound, circumstances, null);
    expect(auddServer.calls).toHaveLength(2);
    expect(of('audd')).toMatchObject({ state: 'budget_used', calls_today: 2, budget: 2 });
    later(12 * 3600);
    expect(again.mayAsk()).toBe(true);
  });

  it('ask nobody with a refused key until another one is given', async () => {
    const made = services({ provider_order: ['audd'], audd_token: 'wrong' });
    await made.ask(sound, circumstances, null);
    expect(of('audd')).toMatchObject({ state: 'key_refused' });
    expect(JSON.stringify(health)).not.toContain('wrong api_token wrong');
    made.apply(settingsWith({ provider_order: ['audd'], audd_token: 'wrong' }));
    expect(made.mayAsk()).toBe(false);
    made.apply(settingsWith({ provider_order: ['audd'] }));
    expect((await made.ask(sound, circumstances, null)).by).toBe('audd');
  });

  it('keep a new key waiting for nothing that the old one used up, and the old one for all of it', async () => {
    const given = { provider_order: ['audd'] as ['audd'], provider_daily_budget: 1 };
    const made = services({ ...given, audd_token: 'old-1234567890' });
    await made.ask(sound, circumstances, null);
    expect(of('audd')).toMatchObject({ state: 'key_refused', calls_today: 1 });
    made.apply(settingsWith(given));
    expect(of('audd')).toMatchObject({ state: 'ready', calls_today: 0 });
    expect((await made.ask(sound, circumstances, null)).by).toBe('audd');
    made.apply(settingsWith({ ...given, audd_token: 'old-1234567890' }));
    expect(of('audd')).toMatchObject({ state: 'key_refused', calls_today: 1 });
    made.apply(settingsWith(given));
    expect(of('audd')).toMatchObject({ state: 'budget_used', calls_today: 1 });
    expect(JSON.stringify(store.prepare('SELECT * FROM memos').all())).not.toContain('old-1234567890');
  });

  it('try a refused key no more than once a day, however often they are started', async () => {
    const given = { provider_order: ['audd'] as ['audd'], audd_token: 'wrong' };
    for (let hour = 0; hour < 24; hour += 1) {
      await services(given).ask(sound, circumstances, null);
      expect(of('audd')).toMatchObject({ state: 'key_refused' });
      later(3600);
    }
    expect(auddServer.calls).toHaveLength(1);
    await services(given).ask(sound, circumstances, null);
    expect(auddServer.calls).toHaveLength(2);
  });

  it('try a refused key again that was taken out and given again, also after a restart between', async () => {
    const given = { provider_order: ['audd'] as ['audd'], audd_token: 'wrong' };
    const made = services(given);
    await made.ask(sound, circumstances, null);
    expect(of('audd')).toMatchObject({
      state: 'key_refused',
      until: new Date(nowMs + 24 * 3_600_000).toISOString(),
    });
    made.apply(settingsWith({ ...given, audd_token: '' }));
    later(60);
    for (const again of [made, services(given)]) {
      again.apply(settingsWith(given));
      expect(again.mayAsk()).toBe(true);
    }
    expect(of('audd')).toMatchObject({ state: 'ready', calls_today: 1 });
  });

  it('try a refused key again after a day in which they were not started', async () => {
    const made = services({ provider_order: ['audd'], audd_token: 'wrong' });
    await made.ask(sound, circumstances, null);
    later(24 * 3600 - 1);
    expect(made.mayAsk()).toBe(false);
    later(1);
    await made.ask(sound, circumstances, null);
    expect(auddServer.calls).toHaveLength(2);
    expect(of('audd')).toMatchObject({ state: 'key_refused' });
  });

  it('ask about a whole track whoever knows those, once a second at most', async () => {
    const server = await startAcoustid({
      key: 'app',
      known: () => [{ score: 1, recordings: [{ title: 'Whole', artists: [{ name: 'A' }], duration: 100 }] }],
    });
    const made = services({ acoustid_key: 'app', acoustid_url: server.url });
    async function* blocks() {
      yield new Float32Array(30 * 11_025).map((_, i) => Math.sin(i / (3 + (i >> 14))));
    }
    const ask = () => made.identifyTake({ blocks: blocks(), sampleRate: 11_025, durationSeconds: 100 });
    expect(await ask()).toMatchObject({ kind: 'match', track: { track_name: 'Whole', source: 'acoustid' } });
    expect(made.askable('take')).toEqual([]);
    expect(await ask()).toEqual({ kind: 'cannot_tell', why: 'nobody may be asked now' });
    later(1);
    expect(made.askable('take')).toEqual(['acoustid']);
    expect(of('acoustid')).toMatchObject({ calls_today: 1, last_answer: { text: 'Whole by A' } });
    expect(server.calls).toHaveLength(1);
    await server.close();
  });

  it('stop what they are doing when the recorder stops', async () => {
    const made = services({ provider_order: ['audd'] });
    auddServer.next({ fault: 'hang' });
    const asked = made.ask(sound, circumstances, null);
    setTimeout(() => made.close(), 50);
    expect((await asked).answer.kind).toBe('cannot_tell');
    // Which is no fault of the service, of which three in a row would matter.
    for (let i = 0; i < 2; i += 1) {
      later(60);
      auddServer.next({ fault: 'html', status: 502 });
      await services({ provider_order: ['audd'] }).ask(sound, circumstances, null);
    }
    expect(of('audd')).toMatchObject({ state: 'ready', calls_today: 3 });
  });
});
