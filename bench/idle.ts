/** CPU and memory at rest: an input that is silent, an index that is ready. Bars: 3 % of one core, 160 MB PSS. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPulseRig } from '@pidentify/platform/testing';
import { eventually, removeFolder, sleep, startProgram, temporaryFolder } from '../e2e/program.ts';
import { printTable } from './figures.ts';

const seconds = Number(process.argv[2] ?? 30);
const folder = temporaryFolder('bench-idle');
const data = join(folder, 'data');
const music = join(folder, 'music');
mkdirSync(music);
const rig = await startPulseRig({ sinks: [{ name: 'deck', rate: 44_100, format: 's16le', channels: 2 }] });
const program = await startProgram({ data, music, input: 'deck.monitor', env: rig.env });
await eventually(
  program.health,
  (health) => health.input.state === 'listening' && health.index.state === 'ready',
);
await sleep(8000);
const before = program.processes();
await sleep(seconds * 1000);
const after = program.processes();
const rows = after.map((row) => {
  const ticks = row.ticks - (before.find((old) => old.pid === row.pid)?.ticks ?? 0);
  return {
    name: row.command.split('/').slice(-3).join('/').slice(0, 48),
    cpu: ticks / seconds,
    mb: row.pssKb / 1024,
  };
});
const sum = (key: 'cpu' | 'mb') => rows.reduce((total, row) => total + row[key], 0);
printTable(`at rest, ${seconds} s`, [
  ['process', 'CPU % of a core', 'PSS MB'],
  ...rows.map((row) => [row.name, row.cpu, row.mb]),
  ['all', sum('cpu'), sum('mb')],
  ['bar', '3', '160'],
]);
await program.stop();
await rig.stop();
removeFolder(folder);
