import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Health } from '@pidentify/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { chaosland, cutSong } from './library.ts';
import {
  eventually,
  type Program,
  processesOf,
  removeFolder,
  run,
  startProgram,
  temporaryFolder,
} from './program.ts';

/** What a person can do wrong: each has a clear message, and nothing is lost. */
const folder = temporaryFolder('bad');
afterAll(() => removeFolder(folder));

let runs = 0;
function folders(): { data: string; music: string } {
  runs += 1;
  const data = join(folder, `data-${runs}`);
  const music = join(folder, `music-${runs}`);
  mkdirSync(data);
  mkdirSync(music);
  return { data, music };
}

async function withProgram(
  options: Parameters<typeof startProgram>[0],
  check: (program: Program) => Promise<void>,
): Promise<void> {
  const program = await startProgram({ env: { PULSE_SERVER: 'unix:/nowhere/pulse' }, ...options });
  try {
    await program.health();
    await check(program);
  } finally {
    await program.stop();
  }
  expect(program.processes()).toEqual([]);
}

/** With a drive mounted onto a folder, as fstab does it. */
async function mounted(path: string, work: () => Promise<void>): Promise<void> {
  run('mount', ['-t', 'tmpfs', 'tmpfs', path]);
  try {
    await work();
  } finally {
    run('umount', [path]);
  }
}

describe('bad input', () => {
  it('no sound server at all: runs and says what to do', async () => {
    await withProgram(folders(), async (program) => {
      const { input } = await eventually(program.health, (health) => health.input.state === 'none', {
        ms: 10_000,
      });
      expect(input.message).toMatch(/file:/);
    });
  });

  it('a file that is not there as input: says so at once, and plays it when it comes', async () => {
    const path = join(folder, 'later', 'six.wav');
    await withProgram({ ...folders(), input: `file:${path}` }, async (program) => {
      const { input } = await eventually(program.health, (health) => health.input.state === 'unknown', {
        ms: 10_000,
      });
      const sentence = `There is no file or folder ${path}: check the path; it is played as soon as it is there.`;
      expect(input.message).toBe(sentence);
      expect(await program.status()).toMatchObject({ phase: 'no_input', message: sentence });
      expect(program.output()).toContain(`\n${sentence}\n`);
      mkdirSync(join(folder, 'later'));
      cutSong(chaosland(), { from: 30, seconds: 6, path });
      await eventually(program.health, (health) => health.input.state === 'listening', { ms: 10_000 });
      await eventually(program.health, (health) => health.input.state === 'ended', { ms: 15_000 });
      expect(program.output()).toContain(`\nListening to ${path}.\n`);
    });
  });

  it('no sound at all in a file called .wav: says so', async () => {
    const path = join(folder, 'letter.wav');
    writeFileSync(path, 'Dear Ann,\n');
    await withProgram({ ...folders(), input: `file:${path}` }, async (program) => {
      const { input } = await eventually(program.health, (health) => health.input.state === 'failed', {
        ms: 10_000,
      });
      expect(input.message).toBe(
        `${path} cannot be played: it is not a sound file, or it is damaged; choose another one.`,
      );
      expect(program.output()).toContain(input.message);
    });
  });

  it('plays a file as input, names nothing it does not know, and says ended', async () => {
    const path = cutSong(chaosland(), { from: 30, seconds: 6, path: join(folder, 'six.wav') });
    await withProgram({ ...folders(), input: `file:${path}` }, async (program) => {
      await eventually(program.health, (health) => health.input.state === 'listening', { ms: 8000 });
      const { input } = await eventually(program.health, (health) => health.input.state === 'ended', {
        ms: 15_000,
      });
      expect(input).toMatchObject({ name: `file:${path}`, given: `file:${path}` });
      expect((await program.status()).phase).toBe('ended');
    });
  });

  it('broken and empty sound files in the library: named as problems, the others indexed', async () => {
    const { data, music } = folders();
    writeFileSync(join(music, 'empty.mp3'), '');
    writeFileSync(join(music, 'noise.flac'), Buffer.from('fLaC but not really'.repeat(500)));
    cutSong(chaosland(), { from: 0, seconds: 20, path: join(music, 'good.wav') });
    await withProgram({ data, music }, async (program) => {
      const { index } = await eventually(program.health, (health) => health.index.state === 'ready', {
        ms: 30_000,
      });
      expect(index.tracks).toBe(1);
      expect(index.problems?.map(({ path }) => path.slice(music.length + 1)).sort()).toEqual([
        'empty.mp3',
        'noise.flac',
      ]);
    });
  });

  it('a music drive that is mounted later: known as soon as somebody looks, or music begins', async () => {
    const { data, music } = folders();
    const path = join(folder, 'late.wav');
    const tracks = (count: number) => (health: Health) =>
      health.index.state === 'ready' && health.index.tracks === count;
    await withProgram({ data, music, input: `file:${path}` }, async (program) => {
      await eventually(program.health, tracks(0), { ms: 15_000 });
      await mounted(music, async () => {
        cutSong(chaosland(), { from: 0, seconds: 20, path: join(music, 'one.wav') });
        expect((await program.post('/api/library/look')).status).toBe(200);
        await eventually(program.health, tracks(1), { ms: 15_000 });
      });
      // Its music stays known while the drive is away.
      await eventually(program.health, ({ index }) => index.problems?.length === 1, { ms: 30_000 });
      expect((await program.health()).index.tracks).toBe(1);
      await mounted(music, async () => {
        cutSong(chaosland(), { from: 0, seconds: 20, path: join(music, 'one.wav') });
        cutSong(chaosland(), { from: 40, seconds: 20, path: join(music, 'two.wav') });
        cutSong(chaosland(), { from: 60, seconds: 20, path });
        await eventually(program.health, tracks(2), { ms: 40_000 });
      });
    });
  });

  it('a music folder that is not there: a warning, and the program runs', async () => {
    const { data } = folders();
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, 'not a folder');
    await withProgram({ data, music: join(blocked, 'music') }, async (program) => {
      const health = await eventually(program.health, ({ index }) => index.state === 'ready', { ms: 10_000 });
      expect(JSON.stringify([health.warnings, health.index.problems])).toContain(blocked);
    });
  });

  it('a corrupt config.yaml: kept aside, the defaults are used', async () => {
    const { data, music } = folders();
    writeFileSync(join(data, 'config.yaml'), 'duration: [1, 2\n\tbroken: {');
    await withProgram({ data, music }, async (program) => {
      const kept = readdirSync(data).filter((name) => name.startsWith('config.yaml.broken-'));
      expect(kept).toHaveLength(1);
      expect(readFileSync(join(data, kept[0]), 'utf8')).toContain('broken: {');
      expect((await program.health()).warnings.join(' ')).toMatch(/config\.yaml/);
      expect(await (await program.get('/api/settings')).json()).toMatchObject({ duration: 15 });
    });
  });

  it('a config value out of range: that key alone takes its default, with a warning', async () => {
    const { data, music } = folders();
    writeFileSync(join(data, 'config.yaml'), 'duration: 9999\nbuffer_length_seconds: 300\n');
    await withProgram({ data, music }, async (program) => {
      expect(await (await program.get('/api/settings')).json()).toMatchObject({
        duration: 15,
        buffer_length_seconds: 300,
      });
      expect((await program.health()).warnings.join(' ')).toMatch(/duration/);
      expect(readFileSync(join(data, 'config.yaml'), 'utf8')).toContain('9999');
      const refused = await program.get('/api/settings', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ blocksize: 1 }),
      });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ success: false, status: 'setting_invalid' });
    });
  });

  it('a port that is taken: says so and ends', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const { data, music } = folders();
    await expect(startProgram({ data, music, args: ['--port', String(port)] })).rejects.toThrow(/port/i);
    server.close();
    await eventually(
      async () => processesOf(data),
      (left) => left.length === 0,
      { ms: 3000 },
    );
  });

  it('a data folder that cannot be written: says so and ends', async () => {
    const blocked = join(folder, 'file-in-the-way');
    writeFileSync(blocked, 'x');
    const data = join(blocked, 'data');
    await expect(startProgram({ data, music: folders().music })).rejects.toThrow(/data folder/i);
    const readOnly = join(folder, 'read-only');
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o555);
    expect(existsSync(readOnly)).toBe(true);
  });

  it('a second start on the same data folder: points to the first', async () => {
    const { data, music } = folders();
    await withProgram({ data, music }, async (first) => {
      await expect(startProgram({ data, music })).rejects.toThrow(
        new RegExp(`already running[\\s\\S]*${first.url}`),
      );
    });
  });

  it('a wrong option: says which, and what there is', async () => {
    const { data, music } = folders();
    await expect(startProgram({ data, music, args: ['--colour', 'blue'] })).rejects.toThrow(/--colour/);
    await expect(startProgram({ data, music, args: ['--port', 'many'] })).rejects.toThrow(/port/);
  });
});
