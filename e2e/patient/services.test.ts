import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, ServiceServer } from '../../recorder/src/providers/testing/service-server.ts';
import { type KnownSong, startAudd } from '../../recorder/src/providers/testing/services.ts';
import { chaosland, cutSong, makeLibrary, stranger } from '../library.ts';
import { eventually, type Program, removeFolder, run, startProgram, temporaryFolder } from '../program.ts';

/** The real program, with a server that answers as AudD does, and goes wrong as AudD might. */
const folder = temporaryFolder('services');
const music = join(folder, 'music');
const token = 'tok-e2e-0123456789';
let server: ServiceServer;
let program: Program | undefined;
let song: KnownSong;

beforeAll(async () => {
  makeLibrary(music, [chaosland()]);
  server = await startAudd({ token, song: () => song });
});
afterEach(async () => {
  await program?.stop();
});
afterAll(async () => {
  await server.close();
  removeFolder(folder);
});

/** Plays files one after the other, from a folder of their own. */
async function listenTo(name: string, files: { from: number; seconds: number; of: typeof stranger }[]) {
  const [data, input] = [join(folder, `${name}-data`), join(folder, `${name}-input`)];
  mkdirSync(data, { recursive: true });
  mkdirSync(input, { recursive: true });
  for (const [position, { of, from, seconds }] of files.entries()) {
    cutSong(of(), { from, seconds, path: join(input, `${position}.wav`) });
  }
  writeFileSync(join(data, 'config.yaml'), `audd_token: ${token}\naudd_url: ${server.url}\n`);
  server.calls.length = 0;
  program = await startProgram({ data, music, input: `file:${input}` });
  return program;
}

const rate = 11_025;
/** Loudness of each 20 ms, less its mean: what a clip is found by. */
function loudness(sound: Float32Array): Float64Array {
  const hop = Math.round(rate / 50);
  const levels = Float64Array.from({ length: Math.floor(sound.length / hop) }, (_, i) =>
    Math.sqrt(sound.subarray(i * hop, (i + 1) * hop).reduce((sum, value) => sum + value * value, 0)),
  );
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  return levels.map((level) => level - mean);
}

/** Finds a clip in a song as a service does, if more slowly: seconds into the song. */
function hearing(source: string): (clip: Float32Array) => number {
  const raw = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', source, '-ac', '1', '-ar', `${rate}`, '-f', 'f32le', '-'],
    {
      maxBuffer: 1 << 28,
    },
  );
  const song = loudness(new Float32Array(new Uint8Array(raw).buffer));
  return (clip) => {
    const wanted = loudness(clip);
    let best = { at: 0, likeness: Number.NEGATIVE_INFINITY };
    for (let at = 0; at + wanted.length <= song.length; at += 1) {
      const likeness = wanted.reduce((sum, level, i) => sum + level * song[at + i], 0);
      if (likeness > best.likeness) best = { at, likeness };
    }
    return best.at / 50;
  };
}

const armygeddon = (): KnownSong => ({
  title: 'Armygeddon',
  artist: 'Muldjord',
  durationSeconds: 180,
  offset: hearing(stranger().source),
});

describe('what is not in the library', () => {
  it('is named by a service in two calls, with its source, and stands in the history', async () => {
    song = armygeddon();
    server.always(null);
    const running = await listenTo('named', [{ of: stranger, from: 20, seconds: 60 }]);
    const status = await eventually(running.status, ({ certainty }) => certainty === 'confirmed', {
      ms: 60_000,
    });
    expect(status.track).toMatchObject({ track_name: 'Armygeddon', artist_name: 'Muldjord' });
    const { data } = await eventually(running.history, ({ total_count }) => total_count > 0, { ms: 5000 });
    expect(data[0].track).toMatchObject({ track_name: 'Armygeddon', album_name: 'Warriors' });
    await eventually(running.health, ({ input }) => input.state === 'ended', { ms: 60_000 });
    const { providers } = await running.health();
    const audd = providers.find(({ name }) => name === 'audd');
    console.log(`${server.calls.length} calls in 60 s; AudD on the Health page: ${JSON.stringify(audd)}`);
    expect(server.calls).toHaveLength(2);
    expect(audd).toMatchObject({
      state: 'ready',
      calls_today: 2,
      last_answer: { kind: 'match', text: 'Armygeddon by Muldjord' },
    });
    expect(providers.map(({ name, state }) => [name, state])).toEqual([
      ['local', 'ready'],
      ['audd', 'ready'],
      ['acrcloud', 'no_key'],
      ['acoustid', 'no_key'],
    ]);
    expect((await running.history()).total_count).toBe(1);
    const database = new DatabaseSync(join(running.data, 'database.db'), { readOnly: true });
    expect(database.prepare('SELECT source FROM track_ids').all()).toEqual([{ source: 'audd' }]);
    database.close();
    // The key is in the file and in the calls, and nowhere else.
    expect(await (await running.get('/api/settings')).text()).not.toContain(token);
    const logs = run('sh', ['-c', `grep -rl ${token} '${running.data}' || true`])
      .trim()
      .split('\n');
    expect(logs).toEqual([join(running.data, 'config.yaml')]);
  });

  it.each<[string, Fault[]]>([
    ['hangs', [{ fault: 'hang' }]],
    [
      'breaks in three ways',
      [{ fault: 'html', status: 502 }, { fault: 'reset-in-body' }, { fault: 'endless' }],
    ],
    ['wants to be left alone', [{ fault: 'status', status: 429, headers: { 'retry-after': '3600' } }]],
  ])('stays unnamed while the service %s; recording and the library go on', async (name, faults) => {
    song = armygeddon();
    server.always(faults[0]);
    server.next(...faults);
    const running = await listenTo(name.replaceAll(' ', '-'), [
      { of: stranger, from: 20, seconds: 24 },
      { of: chaosland, from: 30, seconds: 25 },
    ]);
    const status = await eventually(running.status, ({ certainty }) => certainty === 'confirmed', {
      ms: 60_000,
    });
    expect(status.track?.track_name).toBe('Escape from Chaosland');
    const health = await running.health();
    expect(health.input.lostFrames ?? 0).toBe(0);
    expect(health.services.every(({ state, restarts }) => state === 'running' && restarts === 0)).toBe(true);
    expect(server.calls.length).toBeGreaterThanOrEqual(1);
    expect(server.calls.length).toBeLessThanOrEqual(3);
    const audd = health.providers.find((each) => each.name === 'audd');
    console.log(`${name}: ${server.calls.length} calls; ${audd?.state}, ${audd?.last_answer?.text}`);
    expect((await running.history()).data.map(({ track }) => track.track_name)).toEqual([
      'Escape from Chaosland',
    ]);
    const { data } = await running.history();
    const started = await running.post(`/api/rip/${data[0].entry_id}/start`);
    expect(await started.json()).toMatchObject({ success: true });
  });
});
