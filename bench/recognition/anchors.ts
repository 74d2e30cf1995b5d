/**
 * What other engines reach on clips made the same way (recall in percent at a threshold for at most 1 %
 * false positives; 330 tracks, 17.35 h): measured once, with the versions of the day, on 13 conditions where
 * the sign of the vinyl speeds was drawn. The held-out columns are of other clips than ours.
 */
export interface Anchor {
  readonly name: string;
  readonly set: 'development' | 'held-out';
  /** As in `anchorRows`. */
  readonly recall: readonly number[];
  readonly megabytesAnHour: number;
  readonly queryCpuMs: number;
  readonly buildTimesRealTime: number | null;
}

export const anchorRows = [
  'clean',
  'mp3_64',
  'opus_32',
  'pink10',
  'pink5',
  'pink0',
  'babble5',
  'room',
  'vinyl 0.5',
  'vinyl 1',
  'vinyl 2',
  'vinyl 3',
  'all',
  '3 s',
  '5 s',
  '10 s',
  '15 s',
] as const;

export const anchors: readonly Anchor[] = [
  {
    name: 'Olaf',
    set: 'development',
    recall: [97, 91, 89, 70, 47, 19, 39, 9, 82, 54, 18, 5, 55, 33, 48, 63, 70],
    megabytesAnHour: 2.84,
    queryCpuMs: 11,
    buildTimesRealTime: 1222,
  },
  {
    name: 'Olaf 2-peak',
    set: 'held-out',
    recall: [99, 99, 97, 91, 81, 67, 76, 57, 92, 82, 31, 3, 74.8, 59, 69, 82, 87],
    megabytesAnHour: 2.17,
    queryCpuMs: 61,
    buildTimesRealTime: 1324,
  },
  {
    name: 'audfprint',
    set: 'development',
    recall: [90, 83, 81, 49, 31, 15, 30, 20, 51, 19, 0, 0, 42, 16, 35, 52, 58],
    megabytesAnHour: 0.38,
    queryCpuMs: 60,
    buildTimesRealTime: null,
  },
  {
    name: 'audfprint dense',
    set: 'held-out',
    recall: [99, 99, 98, 75, 65, 44, 54, 67, 91, 79, 13, 1, 67.7, 47, 64, 76, 79],
    megabytesAnHour: 1.97,
    queryCpuMs: 169,
    buildTimesRealTime: null,
  },
  {
    name: 'npm stream fingerprint',
    set: 'development',
    recall: [85, 79, 75, 66, 49, 22, 37, 13, 74, 24, 4, 1, 47, 22, 43, 56, 63],
    megabytesAnHour: 0.54,
    queryCpuMs: 20,
    buildTimesRealTime: 476,
  },
  {
    name: 'Panako (10 s)',
    set: 'development',
    recall: [93, 90, 83, 70, 60, 33, 40, 7, 80, 87, 77, 77, 68, 0, 39, 68, 75],
    megabytesAnHour: 6.63,
    queryCpuMs: 180,
    buildTimesRealTime: null,
  },
];
