import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceServer } from '../../recorder/src/providers/testing/service-server.ts';
import { startAudd } from '../../recorder/src/providers/testing/services.ts';
import { chaosland, cutSong, makeLibrary, stranger } from '../library.ts';
import { eventually, type Program, removeFolder, startProgram, temporaryFolder } from '../program.ts';

/** A track that a service named once needs no service any more: the real program, a server that answers as AudD does. */
const folder = temporaryFolder('learnt');
const [data, music] = [join(folder, 'data'), join(folder, 'music')];
const token = 'tok-e2e-0123456789';
let server: ServiceServer;
let program: Program | undefined;
let startedMs = 0;

beforeAll(async () => {
  makeLibrary(music, [chaosland()]);
  server = await startAudd({
    token,
    song: () => ({
      title: 'Armygeddon',
      artist: 'Muldjord',
      durationSeconds: 180,
      offset: (clip) => 20 + (Date.now() - startedMs) / 1000 - clip.length / 11_025,
    }),
  });
  mkdirSync(data);
  writeFileSync(join(data, 'config.yaml'), `audd_token: ${token}\naudd_url: ${server.url}\n`);
});
afterAll(async () => {
  await program?.stop();
  await server?.close();
  removeFolder(folder);
});

async function listenTo(
  name: string,
  { from, seconds }: { from: number; seconds: number },
): Promise<Program> {
  const input = join(folder, `${name}.wav`);
  cutSong(stranger(), { from, seconds, path: input });
  server.calls.length = 0;
  startedMs = Date.now();
  program = await startProgram({ data, music, input: `file:${input}` });
  return program;
}

it('a track that a service named is known by its sound the next time, and nobody is asked', async () => {
  const first = await listenTo('first', { from: 20, seconds: 60 });
  await eventually(first.status, ({ certainty }) => certainty === 'confirmed', { ms: 60_000 });
  await eventually(first.health, ({ input }) => input.state === 'ended', { ms: 70_000 });
  await eventually(first.history, ({ data: plays }) => plays[0]?.ended_at != null);
  expect(server.calls.length).toBeGreaterThan(0);
  await first.stop();

  const second = await listenTo('second', { from: 23, seconds: 25 });
  const status = await eventually(second.status, ({ certainty }) => certainty === 'confirmed', {
    ms: 30_000,
  });
  expect(status.track).toMatchObject({ track_name: 'Armygeddon', artist_name: 'Muldjord' });
  await eventually(second.health, ({ input }) => input.state === 'ended', { ms: 40_000 });
  expect(server.calls).toHaveLength(0);
  // Whether it is a second play or the first going on is the business of others: it is one and the same track.
  const { data: plays } = await second.history();
  expect(new Set(plays.map(({ track_guid }) => track_guid)).size).toBe(1);
});
