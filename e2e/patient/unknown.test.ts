import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type UnknownList, unknownAnswerSchema } from '@pidentify/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chaosland, cutSong, makeLibrary, stranger } from '../library.ts';
import {
  eventually,
  type Program,
  removeFolder,
  run,
  sleep,
  startProgram,
  temporaryFolder,
} from '../program.ts';

/** Music that nobody knows: heard twice, named once, known the third time, and unlearnt. The real program on real music. */
const folder = temporaryFolder('unknown');
const data = join(folder, 'data');
const music = join(folder, 'music');
const seconds = { song: 40, silence: 6 };
let program: Program | null = null;

const playing = () => {
  if (!program) throw new Error('the program does not run');
  return program;
};
const unknown = async (): Promise<UnknownList> =>
  unknownAnswerSchema.parse(await (await playing().get('/api/unknown')).json()).data;

/** A folder to be played: parts of a song that is in no library, from these seconds on, each with silence after it. */
function deck(name: string, begins: readonly number[]): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [position, from] of begins.entries()) {
    cutSong(stranger(), { from, seconds: seconds.song, path: join(path, `${position}-song.wav`) });
    run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=stereo'],
      ...['-t', String(seconds.silence), join(path, `${position}-then-silence.wav`)],
    ]);
  }
  return path;
}

async function start(input: string): Promise<void> {
  program = await startProgram({ data, music, input: `file:${input}` });
}

beforeAll(() => makeLibrary(music, [chaosland()]));
afterAll(async () => {
  await program?.stop();
  expect(program?.processes()).toEqual([]);
  removeFolder(folder);
});

describe('music that nobody knows', () => {
  let entries: string[];
  const beganMs = Date.now();

  it('heard twice is one row with two hearings, and can be played', async () => {
    await start(deck('twice', [20, 20]));
    const { groups } = await eventually(unknown, (list) => list.groups[0]?.times_heard === 2, {
      ms: 130_000,
    });
    expect(groups).toHaveLength(1);
    expect((await playing().history()).total_count).toBe(0);
    const [later, first] = groups[0].hearings.map(({ started_at }) => Date.parse(started_at));
    expect(first).toBeGreaterThan(beganMs);
    expect(Math.abs(later - first - (seconds.song + seconds.silence) * 1000)).toBeLessThan(700);
    expect(Math.abs(groups[0].seconds - seconds.song)).toBeLessThan(1.5);
    const sound = await playing().get(`/api/unknown/${groups[0].sound_id}/sound`, {
      headers: { range: 'bytes=0-3' },
    });
    expect([sound.status, await sound.text()]).toEqual([206, 'fLaC']);
  });

  it('named once is in the history twice, at its true times, though the recorder is killed at that moment', async () => {
    const [group] = (await unknown()).groups;
    const answer = await playing().post(`/api/unknown/${group.id}/name`, {
      track_name: 'Armygeddon',
      artist_name: 'Muldjord',
    });
    expect(await answer.json()).toMatchObject({ data: { plays: 2 } });
    const recorder = (await playing().health()).services.find(({ name }) => name === 'recorder');
    process.kill(recorder?.pid ?? 0, 'SIGKILL');
    const { data: plays } = await eventually(
      () => playing().history(),
      ({ total_count }) => total_count === 2,
    );
    expect(plays.map(({ started_at }) => started_at)).toEqual(
      group.hearings.map(({ started_at }) => started_at),
    );
    expect(plays.map(({ track }) => [track.track_name, track.artist_name])).toEqual([
      ['Armygeddon', 'Muldjord'],
      ['Armygeddon', 'Muldjord'],
    ]);
    entries = plays.map(({ entry_id }) => entry_id);
    const { groups } = await eventually(unknown, () => true);
    expect(groups).toEqual([]);
    await playing().stop();
  });

  it('is recognised the third time, and never again once a person says that this is wrong', async () => {
    await start(deck('again', [25, 25]));
    const status = await eventually(
      () => playing().status(),
      (now) => now.certainty === 'confirmed',
      { ms: 30_000 },
    );
    expect(status.track).toMatchObject({ track_name: 'Armygeddon', artist_name: 'Muldjord' });
    const history = await eventually(
      () => playing().history(),
      ({ total_count }) => total_count === 3,
    );
    const [entry] = history.data.filter(({ entry_id }) => !entries.includes(entry_id));
    // The first hearing began at second 20 of the song and counts as its start, this one at second 25.
    const position = status.track?.offset ?? 0;
    expect(position).toBeGreaterThan(4);
    expect(position).toBeLessThan(30);
    const wrong = `/api/history/${entry.entry_id}/wrong`;
    const isNoMore = () =>
      eventually(
        () => playing().status(),
        (now) => now.track == null,
        { ms: 5000 },
      );
    expect((await playing().post(wrong)).status).toBe(200);
    await isNoMore();
    // On second thoughts it is shown again at once, as the play that it was.
    expect((await playing().get(wrong, { method: 'DELETE' })).status).toBe(200);
    const again = await eventually(
      () => playing().status(),
      (now) => now.track != null,
      { ms: 1500 },
    );
    expect(again).toMatchObject({ certainty: 'confirmed', entry_id: entry.entry_id });
    await eventually(
      () => playing().history(),
      ({ total_count }) => total_count === 3,
    );
    expect((await playing().post(wrong)).status).toBe(200);
    await isNoMore();
    const endMs = Date.now() + (2 * seconds.song + seconds.silence) * 1000;
    while (Date.now() < endMs) {
      expect((await playing().status()).track ?? null).toBeNull();
      if ((await unknown()).groups[0]?.times_heard === 2) break;
      await sleep(500);
    }
    const { groups } = await eventually(unknown, (list) => list.groups[0]?.times_heard === 2);
    expect(groups).toHaveLength(1);
    expect((await playing().history()).total_count).toBe(2);
  });
});
