import { spawn } from 'node:child_process';
import type { PulseRig } from '@pidentify/platform/testing';
import { sleep } from './program.ts';

/** Wall clock of the first sound at the input, as an independent recording hears it. */
function firstSound(rig: PulseRig): { time: Promise<number>; stop(): void } {
  const recording = spawn(
    'parec',
    ['--device=deck.monitor', '--raw', '--latency-msec=20', '--format=s16le', '--rate=44100', '--channels=2'],
    {
      env: { ...process.env, ...rig.env },
    },
  );
  const time = new Promise<number>((done) => {
    recording.stdout.on('data', (chunk: Buffer) => {
      const at = chunk.findIndex((byte) => byte !== 0);
      if (at >= 0) done(Date.now() - ((chunk.length - at) / 4 / 44_100) * 1000);
    });
  });
  return { time, stop: () => recording.kill() };
}

/** Plays a file on the sink `deck`; resolves with the wall clock of its first sound. */
export async function playAndTime(rig: PulseRig, path: string) {
  const control = firstSound(rig);
  await sleep(300);
  const playing = rig.playFile('deck', path);
  const startedMs = await control.time;
  control.stop();
  return { startedMs, playing };
}
