/** Start to ready: `npm start -- --headless` several times on one data folder; the issue asks for under 1.5 s. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, startProgram, temporaryFolder } from '../e2e/program.ts';
import { median, printTable } from './figures.ts';

const runs = Number(process.argv[2] ?? 7);
const folder = temporaryFolder('bench-start');
const data = join(folder, 'data');
const music = join(folder, 'music');
mkdirSync(music);
const ready: number[] = [];
const stopped: number[] = [];
for (let run = 0; run < runs + 1; run += 1) {
  const program = await startProgram({ data, music });
  if (run > 0) ready.push(program.readyMs);
  stopped.push((await program.stop()).ms);
}
printTable(`start to ready, ${runs} warm runs`, [
  ['', 'min ms', 'median ms', 'max ms', 'bar'],
  ['npm start to ready', Math.min(...ready), median(ready), Math.max(...ready), '1500 ms'],
  ['SIGTERM to exit', Math.min(...stopped), median(stopped), Math.max(...stopped), '5000 ms'],
]);
removeFolder(folder);
