import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PulseRig, startPulseRig } from '@pidentify/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playAndTime } from './first-sound.ts';
import {
  chaosland,
  counterFrames,
  cutSong,
  feelings,
  makeLibrary,
  metalMadness,
  readCounter,
  stranger,
} from './library.ts';
import {
  eventually,
  type Program,
  removeFolder,
  run,
  sleep,
  startProgram,
  temporaryFolder,
} from './program.ts';

/** From sound to a tagged file on disk: the real program, a real sound server, real music. */
let rig: PulseRig;
let program: Program;
const folder = temporaryFolder('flow');
const data = join(folder, 'data');
const music = join(folder, 'music');

beforeAll(async () => {
  makeLibrary(music, [chaosland(), feelings()]);
  rig = await startPulseRig({ sinks: [{ name: 'deck' }, { name: 'other' }] });
  program = await startProgram({ data, music, input: 'deck.monitor', env: rig.env });
  await eventually(
    program.health,
    ({ index, input }) => index.state === 'ready' && input.state === 'listening',
    { ms: 120_000 },
  );
});
afterAll(async () => {
  await program?.stop();
  await rig?.stop();
  expect(program.processes()).toEqual([]);
  removeFolder(folder);
});

describe('from sound to the library', () => {
  it('knows its input and its music', async () => {
    const health = await program.health();
    expect(health).toMatchObject({
      status: 'ok',
      input: { name: 'deck.monitor', sampleRate: 44_100, channels: 2 },
      index: { tracks: 2, progress: 1 },
    });
    expect(health.services.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['recorder', 'running'],
      ['server', 'running'],
      ['valkey', 'running'],
    ]);
  });

  it('names a track within 15 s with its start right to 0.5 s, and writes it once', async () => {
    const { startedMs, playing } = await playAndTime(rig, chaosland().source);
    const status = await eventually(program.status, (now) => now.track != null, { ms: 15_000 });
    const afterMs = Date.now() - startedMs;
    expect(status.track?.track_name).toBe('Escape from Chaosland');
    // The name does not wait for the cover to be read.
    const pictured = await eventually(program.status, (now) => now.track?.track_image != null, { ms: 5000 });
    expect(pictured.track?.track_image).toMatch(/^\/api\/artwork\/[0-9a-f]{64}\.jpg$/);
    const confirmed = await eventually(program.status, (now) => now.certainty === 'confirmed', {
      ms: 15_000,
    });
    expect(Math.abs(Date.parse(confirmed.started_at ?? '') - startedMs)).toBeLessThan(500);
    const page = await eventually(program.history, (history) => history.total_count > 0, { ms: 5000 });
    expect(page.data).toHaveLength(1);
    expect(Math.abs(Date.parse(page.data[0].started_at ?? '') - startedMs)).toBeLessThan(500);
    console.log(
      `named ${afterMs} ms after the first note, start off by ${Date.parse(confirmed.started_at ?? '') - startedMs} ms`,
    );
    await sleep(20_000);
    playing.stop();
    const stoppedMs = Date.now();
    await eventually(program.status, (now) => now.track == null, { ms: 10_000 });
    console.log(`display cleared ${Date.now() - stoppedMs} ms after the music stopped`);
    expect((await program.history()).total_count).toBe(1);
  });

  it('cuts the take, saves it tagged, and loses no frame of a counter signal played after it', async () => {
    const frames = 44_100 * 10;
    await rig.play('deck', counterFrames(frames));
    await sleep(1500);
    const entry = (await program.history()).data[0];
    expect((await program.get(`/api/rip/${entry.entry_id}`)).status).toBe(404);
    const start = await program.post(`/api/rip/${entry.entry_id}/start`);
    expect(await start.json()).toMatchObject({ success: true });
    const flac = join(folder, 'take.flac');
    const response = await program.get(`/api/rip/${entry.entry_id}/audio.flac`);
    expect(response.headers.get('content-type')).toMatch(/flac/);
    execFileSync('tee', [flac], {
      input: Buffer.from(await response.arrayBuffer()),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    run('flac', ['-t', '-s', flac]);
    execFileSync('flac', [
      '-d',
      '-s',
      '-f',
      '--force-raw-format',
      '--endian=little',
      '--sign=signed',
      '-o',
      join(folder, 'take.raw'),
      flac,
    ]);
    const counter = readCounter(readFileSync(join(folder, 'take.raw')), frames);
    expect(counter.breaks).toEqual([]);
    expect(counter.count).toBe(frames);
    const part = await program.get(`/api/rip/${entry.entry_id}/audio.flac`, {
      headers: { range: 'bytes=10-19' },
    });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    const chart = (await (
      await program.get(`/api/rip/${entry.entry_id}/audio-data?chart_parts=50`)
    ).json()) as { duration: number; chart: number[] };
    expect(chart.chart).toHaveLength(50);

    const answer = await program.post(`/api/rip/${entry.entry_id}/save`, {
      track_name: 'Escape: from/Chaosland.',
      track_no: 7,
      album_name: 'Frets',
      artist_name: 'Sectoid',
      start_offset: 20,
      end_offset: 1,
      track_image: entry.track.track_image,
    });
    const saved = (await answer.json()) as { data: string };
    expect(saved.data.startsWith(join(music, 'Sectoid', 'Frets', '07 - '))).toBe(true);
    run('flac', ['-t', '-s', saved.data]);
    const tags = run('metaflac', ['--export-tags-to=-', saved.data]);
    expect(tags).toMatch(/TITLE=Escape: from\/Chaosland\./);
    expect(run('metaflac', ['--list', '--block-type=SEEKTABLE,PICTURE', saved.data])).toMatch(
      /seek points: [1-9][\s\S]*image\/jpeg/,
    );
    expect(existsSync(join(music, 'Sectoid', 'Frets', 'cover.jpg'))).toBe(true);
    const again = (await (
      await program.post(`/api/rip/${entry.entry_id}/save`, {
        track_name: 'Escape: from/Chaosland.',
        track_no: 7,
        album_name: 'Frets',
        artist_name: 'Sectoid',
        start_offset: 0,
        end_offset: 0,
      })
    ).json()) as { data: string };
    expect(again.data).not.toBe(saved.data);
    expect((await program.history()).data[0]).toMatchObject({
      saved_temp_buffer: true,
      saved_to_library: true,
    });
  });

  it('never names a track that is not in the library', async () => {
    const before = (await program.history()).total_count;
    const playing = rig.playFile(
      'deck',
      cutSong(stranger(), { from: 20, seconds: 40, path: join(folder, 'stranger.wav') }),
    );
    for (let second = 0; second < 40; second += 1) {
      expect((await program.status()).track ?? null).toBeNull();
      await sleep(1000);
    }
    await playing.done;
    expect((await program.history()).total_count).toBe(before);
  });

  it('indexes a file that is added while it runs, and then knows it', async () => {
    makeLibrary(join(folder, 'new'), [metalMadness()]);
    run('cp', ['-r', `${join(folder, 'new')}/.`, music]);
    await eventually(program.health, ({ index }) => index.state === 'ready' && index.tracks >= 3, {
      ms: 60_000,
    });
    const playing = rig.playFile('deck', metalMadness().source);
    const status = await eventually(program.status, (now) => now.certainty === 'confirmed', { ms: 20_000 });
    expect(status.track?.track_name).toBe('Metal Madness');
    playing.stop();
  });

  it('notices that its input went away, takes no other, and goes on when it is back', async () => {
    await rig.removeSink('deck');
    const lost = await eventually(program.health, ({ input }) => input.state === 'lost', { ms: 8000 });
    expect(lost.input).toMatchObject({ name: 'deck.monitor', level: null });
    await sleep(1000);
    expect((await program.health()).input.state).toBe('lost');
    await rig.addSink({ name: 'deck' });
    await eventually(program.health, ({ input }) => input.state === 'listening', { ms: 15_000 });
  });
});
