/**
 * Frames lost while JavaScript is busy: a counter signal through a null sink, the main thread blocked for 0.5 s
 * and for 2 s while it plays. A stereo frame holds its own number, so each lost or repeated one is seen.
 */
import { captureHelperParser } from '@pidentify/contracts';
import { systemInputs } from '@pidentify/platform';
import { startPulseRig } from '@pidentify/platform/testing';
import { counterFrames, readCounter } from '../e2e/library.ts';
import { sleep } from '../e2e/program.ts';
import { printTable } from './figures.ts';

const seconds = Number(process.argv[2] ?? 10);
const rows: (string | number)[][] = [
  ['sample rate', 'blocked', 'frames played', 'frames back', 'places with a loss'],
];
for (const rate of [44_100, 96_000]) {
  for (const blockedSeconds of [0, 0.5, 2]) {
    const rig = await startPulseRig({ sinks: [{ name: 'deck', rate }] });
    const inputs = systemInputs({
      platform: 'linux',
      env: rig.env,
      home: '/nonexistent',
      helperParser: captureHelperParser,
    });
    const source = inputs.capture({ name: rig.sourceOf('deck') });
    const blocks: Uint8Array[] = [];
    source.onFrames((bytes) => blocks.push(bytes));
    source.onEvent(() => undefined);
    await source.open();
    await sleep(2500);
    const frames = rate * seconds;
    const played = rig.play('deck', counterFrames(frames));
    await sleep((seconds * 1000) / 2);
    const until = performance.now() + blockedSeconds * 1000;
    while (performance.now() < until);
    await played;
    await sleep(1000);
    await source.close();
    await rig.stop();
    const { count, breaks } = readCounter(Buffer.concat(blocks), frames);
    rows.push([`${rate} Hz`, `${blockedSeconds} s`, String(frames), String(count), String(breaks.length)]);
  }
}
printTable('capture while JavaScript is busy', rows);
