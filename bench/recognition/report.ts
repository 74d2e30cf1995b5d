import { median, quantile } from '../figures.ts';
import { anchorRows, anchors } from './anchors.ts';
import type { Answer } from './ask.ts';
import {
  byCondition,
  falsePositives,
  LENGTHS,
  meanRecall,
  rankedFirst,
  recall,
  speedErrors,
  wrongTracks,
} from './figures.ts';

type Row = readonly (string | number)[];

export interface Cost {
  readonly megabytesAnHour: number;
  readonly hours: number;
  readonly tracks: number;
  /** Null where all fingerprints were taken from an earlier run. */
  readonly timesRealTime: number | null;
}

const percent = (value: number): string => value.toFixed(1);

function table(title: string, [head, ...rows]: readonly Row[]): string {
  const line = (row: Row): string => `| ${row.join(' | ')} |`;
  return [`**${title}**`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

const ofLength = (answers: readonly Answer[], seconds: number): Answer[] =>
  answers.filter(({ query }) => query.seconds === seconds);

function recallTable(positives: readonly Answer[]): string {
  const conditions = Map.groupBy(positives, ({ query }) => query.condition);
  const rows = [...conditions].map(([condition, answers]) => [
    condition,
    ...LENGTHS.map((seconds) => percent(recall(ofLength(answers, seconds)))),
  ]);
  const means = LENGTHS.map((seconds) => percent(meanRecall(ofLength(positives, seconds))));
  const first = LENGTHS.map((seconds) => percent(rankedFirst(ofLength(positives, seconds))));
  return table('Recall in percent at the frozen thresholds, by condition and length of the clip', [
    ['condition', ...LENGTHS.map((seconds) => `${seconds} s`)],
    ...rows,
    ['mean of the 13 conditions', ...means],
    ['right one ranked first (all clips)', ...first],
  ]);
}

function errorTable(positives: readonly Answer[], strangers: readonly Answer[]): string {
  const rows = [...LENGTHS.map((seconds) => [seconds]), LENGTHS].map((lengths) => {
    const asked = strangers.filter(({ query }) => lengths.includes(query.seconds));
    const named = falsePositives(asked);
    const tracks = new Set(named.map(({ query }) => query.track)).size;
    const true_ = positives.filter(({ query }) => lengths.includes(query.seconds));
    const wrong = wrongTracks(true_);
    return [
      lengths.length > 1 ? 'all' : `${lengths[0]} s`,
      asked.length,
      named.length,
      ((100 * named.length) / asked.length).toFixed(2),
      tracks,
      true_.length,
      wrong.length,
      ((100 * wrong.length) / true_.length).toFixed(2),
    ];
  });
  const strangerTracks = new Set(strangers.map(({ query }) => query.track)).size;
  return table(`Wrong answers (${strangerTracks} stranger tracks)`, [
    ['clip', 'stranger clips', 'named', '%', 'tracks named', 'true clips', 'named as another track', '%'],
    ...rows,
  ]);
}

/** What lower and higher thresholds would give, for whoever expects a certain track, or may not err. */
function thresholdTable(positives: readonly Answer[], strangers: readonly Answer[]): string {
  const thresholds = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15];
  const rows = thresholds.map((threshold) => [
    threshold,
    ...LENGTHS.map((seconds) => {
      const right = recall(ofLength(positives, seconds), threshold);
      const asked = ofLength(strangers, seconds);
      return `${percent(right)} / ${((100 * falsePositives(asked, threshold).length) / asked.length).toFixed(2)}`;
    }),
  ]);
  return table('Recall over all clips / false positives, in percent, by threshold of significance', [
    ['threshold', ...LENGTHS.map((seconds) => `${seconds} s`)],
    ...rows,
  ]);
}

function speedTable(positives: readonly Answer[]): string {
  return table('Error of the measured speed, in percent of the speed (wow and flutter included)', [
    ['clip', 'median', '95th percentile', 'within 0.2'],
    ...LENGTHS.map((seconds) => {
      const errors = speedErrors(ofLength(positives, seconds));
      const within = errors.filter((error) => error <= 0.2).length / errors.length;
      return [
        `${seconds} s`,
        median(errors).toFixed(3),
        quantile(errors, 0.95).toFixed(3),
        percent(100 * within),
      ];
    }),
  ]);
}

function costTable(answers: readonly Answer[], cost: Cost): string {
  const times = LENGTHS.map((seconds) => ofLength(answers, seconds).map(({ cpuMs }) => cpuMs));
  return table(`Cost (${cost.tracks} tracks, ${cost.hours.toFixed(1)} h indexed)`, [
    ['', ...LENGTHS.map((seconds) => `${seconds} s`)],
    ['query, CPU ms, median', ...times.map((ms) => median(ms).toFixed(0))],
    ['query, CPU ms, 95th percentile', ...times.map((ms) => quantile(ms, 0.95).toFixed(0))],
    ['index, MB an hour', cost.megabytesAnHour.toFixed(2), ...LENGTHS.slice(1).map(() => '')],
    [
      'fingerprint, x real time, one core',
      cost.timesRealTime?.toFixed(0) ?? 'from an earlier run',
      ...LENGTHS.slice(1).map(() => ''),
    ],
  ]);
}

function anchorTable(positives: readonly Answer[], cost: Cost): string {
  const conditions = byCondition(positives.filter(({ query }) => query.seconds !== 2));
  const lengthMean = (seconds: number): string => percent(meanRecall(ofLength(positives, seconds)));
  const ours = anchorRows.map((row) => {
    if (row === 'all') return percent(meanRecall([...conditions.values()].flat()));
    if (/^\d+ s$/.test(row)) return lengthMean(Number.parseInt(row, 10));
    return percent(recall(conditions.get(row) ?? []));
  });
  return table('Beside the other engines (lengths of 3 to 15 s together; theirs at <= 1 % false positives)', [
    ['', ...anchors.map(({ name }) => name), 'this one'],
    ['set', ...anchors.map(({ set }) => set), ''],
    ...anchorRows.map((row, i) => [row, ...anchors.map(({ recall: theirs }) => theirs[i]), ours[i]]),
    ['index, MB an hour', ...anchors.map((one) => one.megabytesAnHour), cost.megabytesAnHour.toFixed(2)],
    [
      'query of 10 s, CPU ms',
      ...anchors.map((one) => one.queryCpuMs),
      median(ofLength(positives, 10).map(({ cpuMs }) => cpuMs)).toFixed(0),
    ],
    [
      'build, x real time',
      ...anchors.map((one) => one.buildTimesRealTime ?? '-'),
      cost.timesRealTime?.toFixed(0) ?? '-',
    ],
  ]);
}

/** The whole table, as Markdown. */
export function report(answers: readonly Answer[], cost: Cost): string {
  const positives = answers.filter(({ query }) => !query.stranger);
  const strangers = answers.filter(({ query }) => query.stranger);
  return [
    recallTable(positives),
    errorTable(positives, strangers),
    thresholdTable(positives, strangers),
    speedTable(positives),
    costTable(answers, cost),
    anchorTable(positives, cost),
  ].join('\n');
}
