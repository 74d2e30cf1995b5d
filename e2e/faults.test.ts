import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PulseRig, startPulseRig } from '@pidentify/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chaosland, feelings, makeLibrary } from './library.ts';
import {
  eventually,
  type Program,
  processesOf,
  removeFolder,
  run,
  sleep,
  startProgram,
  temporaryFolder,
} from './program.ts';

/** kill -9 at the worst moment: the program is back by itself, and the history is complete. */
let rig: PulseRig;
const folder = temporaryFolder('faults');
const music = join(folder, 'music');

beforeAll(async () => {
  makeLibrary(music, [chaosland(), feelings()]);
  rig = await startPulseRig({ sinks: [{ name: 'deck' }] });
});
afterAll(async () => {
  await rig?.stop();
  removeFolder(folder);
});

async function start(data: string): Promise<Program> {
  const program = await startProgram({ data, music, input: 'deck.monitor', env: rig.env });
  await eventually(
    program.health,
    ({ index, input }) => index.state === 'ready' && input.state === 'listening',
    { ms: 120_000 },
  );
  return program;
}

const pidOf = async (program: Program, name: string): Promise<number> => {
  const { services } = await program.health();
  return services.find((service) => service.name === name)?.pid ?? Number.NaN;
};

describe('kill -9', () => {
  it.each(['server', 'recorder', 'valkey'] as const)(
    'of %s while music plays: back within 5 s, the history complete',
    async (victim) => {
      const data = join(folder, `data-${victim}`);
      const program = await start(data);
      const playing = rig.playFile('deck', chaosland().source);
      await eventually(program.status, ({ track }) => track != null, { ms: 15_000 });
      const pid = await pidOf(program, victim);
      process.kill(pid, 'SIGKILL');
      const killedMs = Date.now();
      await eventually(
        async () => ({ health: await program.health(), pid: await pidOf(program, victim) }),
        ({ health, pid: now }) =>
          now !== pid &&
          health.services.every(({ state }) => state === 'running') &&
          health.bus === 'connected' &&
          health.input.state === 'listening',
        { ms: 5000, everyMs: 50 },
      );
      console.log(`${victim}: all well ${Date.now() - killedMs} ms after kill -9`);
      await eventually(program.status, ({ certainty }) => certainty === 'confirmed', { ms: 20_000 });
      playing.stop();
      const next = rig.playFile('deck', feelings().source);
      await eventually(
        program.history,
        ({ data: entries }) => entries.some((entry) => entry.track.track_name === 'Feelings'),
        { ms: 30_000 },
      );
      next.stop();
      const names = (await program.history()).data.map((entry) => entry.track.track_name);
      expect(names).toEqual(['Feelings', 'Escape from Chaosland']);
      const { status, ms } = await program.stop('SIGTERM');
      expect(status).toBe(0);
      expect(ms).toBeLessThan(5000);
      expect(program.processes()).toEqual([]);
    },
  );

  it('of the supervisor leaves no process after 3 s, and the next start works', async () => {
    const data = join(folder, 'data-supervisor');
    const program = await start(data);
    const services = (await program.health()).services.map(({ pid }) => pid);
    const supervisor = processesOf(data).find(
      ({ pid, command }) =>
        !services.includes(pid) &&
        /supervisor\/src\/main\.(ts|js)/.test(command) &&
        command.includes('max-semi'),
    );
    expect(supervisor).toBeDefined();
    process.kill(supervisor?.pid ?? Number.NaN, 'SIGKILL');
    await eventually(
      async () => program.processes().filter(({ command }) => !/^(npm|sh -c)/.test(command)),
      (left) => left.length === 0,
      { ms: 3000, everyMs: 100 },
    );
    const again = await start(data);
    expect((await again.stop('SIGINT')).status).toBe(0);
    await sleep(200);
    expect(again.processes()).toEqual([]);
  });

  it('of everything in turn, quickly, does not end the program', async () => {
    const data = join(folder, 'data-all');
    const program = await start(data);
    for (const victim of ['valkey', 'recorder', 'server'] as const) {
      process.kill(await pidOf(program, victim), 'SIGKILL');
      await sleep(150);
      await eventually(program.health, () => true, { ms: 5000 });
    }
    await eventually(
      program.health,
      ({ services, bus }) => bus === 'connected' && services.every(({ state }) => state === 'running'),
      { ms: 8000 },
    );
    expect((await program.stop()).status).toBe(0);
    expect(program.processes()).toEqual([]);
  });
});

describe('a full disk while music plays', () => {
  it('is told, and told no more once there is room', async () => {
    const data = join(folder, 'data-full');
    mkdirSync(data);
    run('mount', ['-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', data]);
    try {
      const program = await start(data);
      const playing = rig.playFile('deck', chaosland().source);
      run('sh', ['-c', `dd if=/dev/zero of='${data}/ballast' bs=1M 2>/dev/null || true`]);
      const told = (warnings: string[]) => warnings.some((text) => text.includes('sound waits in memory'));
      await eventually(program.health, ({ warnings }) => told(warnings), { ms: 20_000 });
      rmSync(join(data, 'ballast'));
      await eventually(program.health, ({ warnings }) => !told(warnings), { ms: 20_000 });
      playing.stop();
      expect((await program.stop()).status).toBe(0);
    } finally {
      run('umount', [data]);
    }
  });
});
