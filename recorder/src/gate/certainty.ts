import type { Heard } from './window.ts';

/**
 * Log odds that what is heard is music, as a logistic regression gave them on the packages of
 * bench/recognition/packages-development.txt (178 starts of tracks against 142 rows of talk and noise). Of `held`, `notes` and
 * `bass` the logarithm is taken. `...Before`: as it was a second earlier, when a syllable was another one.
 */
const odds = {
  held: 2.188,
  notes: 0.577,
  hum: -6.089,
  bass: 0.996,
  change: -0.62,
  low: -0.809,
  heldBefore: -0.35,
  changeBefore: -0.713,
  /** Standard deviation of the level over two seconds, a dB. */
  sway: -0.15,
  /** Level over the noise floor, a dB. */
  overFloor: 0.12,
  notesTimesChange: -0.293,
  always: 6.833,
};
/** What the logarithms begin at, and where changes and levels end to count. */
const least = { bars: 0.03, bass: 0.003 };
const most = { change: 6, overFloorDb: 30 };
/** The noise floor goes down with the sound quickly and up slowly, shares a hop. */
const floorFollows = { down: 0.3, up: 0.01 };
/** What is heard first may be music already: the floor is taken to lie so far below, dB. */
const firstOverFloorDb = 20;
const beforeHops = 4;
const swayHops = 8;
/** Odds of a hop, less `margin` and cut to +-`step`, add up; with `enough` of them it is music, and more than `most` are not kept. */
const evidence = { margin: 1.2, step: 2, enough: 7, most: 9 };
/**
 * What the rules of the gate take for music is music in the end, where no odds are against it: each such hop counts `lasting`
 * towards `enough`. With a bass that no voice has (distorted guitars over one hold few notes) it counts more, and drums most: no
 * voice speaks so far down and so restlessly. Any other hop counts `back`.
 */
const byRules = {
  lasting: 5,
  bass: { over: 0.02, counts: 12 },
  drums: { bass: 0.03, change: 3, counts: 15 },
  back: -10,
  enough: 60,
};

function countOf({ bass, change }: Heard, isMusic: boolean, logOdds: number): number {
  if (bass > byRules.drums.bass && change > byRules.drums.change) return byRules.drums.counts;
  if (isMusic && bass > byRules.bass.over) return byRules.bass.counts;
  return isMusic && logOdds > 0 ? byRules.lasting : byRules.back;
}

/** What the rules of the gate made of a hop. */
type Ruled = { isLoud: boolean; isMusic: boolean };

/**
 * Whether it is surely music: evidence adds up over the hops (a cumulated sum, Page 1954), so that a long vowel or a cry is not
 * enough, and music with few notes is in the end.
 */
export function createCertainty() {
  const heldBefore = new Float64Array(beforeHops);
  const changeBefore = new Float64Array(beforeHops);
  const levels = new Float64Array(swayHops);
  let hops = 0;
  let floorDb = 0;
  let sum = 0;
  let ruled = 0;

  function sway(): number {
    const count = Math.min(hops + 1, swayHops);
    let mean = 0;
    for (let i = 0; i < count; i += 1) mean += levels[i] / count;
    let square = 0;
    for (let i = 0; i < count; i += 1) square += (levels[i] - mean) ** 2 / count;
    return Math.sqrt(square);
  }

  function followFloor(levelDb: number): void {
    if (hops === 0) floorDb = levelDb - firstOverFloorDb;
    else floorDb += (levelDb < floorDb ? floorFollows.down : floorFollows.up) * (levelDb - floorDb);
  }

  function oddsOf({ held, notes, hum, bass, change: moved, low, levelDb }: Heard): number {
    const at = hops % beforeHops;
    const bars = Math.log(held + least.bars);
    const change = Math.min(most.change, moved);
    const noted = Math.log(notes + least.bars);
    const sure =
      odds.always +
      odds.held * bars +
      odds.notes * noted +
      odds.hum * hum +
      odds.bass * Math.log(bass + least.bass) +
      odds.change * change +
      odds.low * low +
      odds.heldBefore * (hops < beforeHops ? bars : heldBefore[at]) +
      odds.changeBefore * (hops < beforeHops ? change : changeBefore[at]) +
      odds.sway * sway() +
      odds.overFloor * Math.min(most.overFloorDb, levelDb - floorDb) +
      odds.notesTimesChange * noted * change;
    heldBefore[at] = bars;
    changeBefore[at] = change;
    return sure;
  }

  return {
    clear(): void {
      hops = 0;
      sum = 0;
      ruled = 0;
    },
    /** True while it is surely music. */
    judge(heard: Readonly<Heard>, { isLoud, isMusic }: Ruled): boolean {
      levels[hops % swayHops] = heard.levelDb;
      followFloor(heard.levelDb);
      const logOdds = oddsOf(heard);
      const step = Math.max(-evidence.step, Math.min(evidence.step, logOdds - evidence.margin));
      sum = isLoud ? Math.max(0, Math.min(evidence.most, sum + step)) : 0;
      const counts = isLoud ? countOf(heard, isMusic, logOdds) : byRules.back;
      ruled = Math.max(0, Math.min(byRules.enough, ruled + counts));
      hops += 1;
      return sum >= evidence.enough || ruled >= byRules.enough;
    },
  };
}
