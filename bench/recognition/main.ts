/**
 * Measures the engine on real music: fetches Debian's music packages, makes the clips, indexes, asks, and
 * prints the whole table beside the figures of other engines. `docs/recognition.md` tells the method.
 *
 *   npm run bench:recognition -- [--set development|validation|held-out|unseen] [--cache FOLDER] [--part N]
 *
 * Everything that is fetched or made is kept in the cache folder (about 30 GB), so that a second run only
 * indexes and asks. `--part N` asks for every Nth track's clips alone.
 */
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askAll, indexOf } from './ask.ts';
import { prepareCorpus } from './corpus.ts';
import { report } from './report.ts';
import { sets, unseen } from './sets.ts';
import { installTools } from './tools.ts';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: unseen.name },
    cache: { type: 'string', default: join(homedir(), '.cache', 'pidentify-recognition') },
    part: { type: 'string', default: '1' },
  },
});
await installTools();
const set = sets.find(({ name }) => name === values.set);
if (!set) throw new Error(`--set: one of ${sets.map(({ name }) => name).join(', ')}`);
const corpus = await prepareCorpus(set, values.cache);
const { segment, hours } = indexOf(corpus);
const clipTracks = [...new Set(corpus.queries.map(({ track }) => track))];
const wanted = new Set(clipTracks.filter((_, i) => i % Number(values.part) === 0));
const queries = corpus.queries.filter(({ track }) => wanted.has(track));
const answers = await askAll(corpus, segment, queries);
const printed = corpus.index.filter(({ cpuSeconds }) => cpuSeconds !== null);
const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
const cost = {
  hours,
  tracks: corpus.index.length,
  megabytesAnHour: segment.length / 1e6 / hours,
  timesRealTime:
    printed.length === 0
      ? null
      : sum(printed.map(({ track }) => track.seconds)) / sum(printed.map((one) => one.cpuSeconds ?? 0)),
};
await writeFile(join(values.cache, `answers-${corpus.set.name}.json`), JSON.stringify({ cost, answers }));
console.log(
  `# ${corpus.set.name}: seed ${corpus.set.seed}, ${corpus.index.length} tracks indexed, ` +
    `${corpus.strangers} strangers, ${corpus.duplicates.size} left out as duplicates\n`,
);
console.log(report(answers, cost));
