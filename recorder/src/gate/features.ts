import { createCombs } from './combs.ts';
import { framesPerSecond } from './spectra.ts';

/** Below the mains, so that its fundamental is seen. */
const lowestHz = 40;
const highestHz = 4000;
/** A bin is compared with the mean of its neighbours up to so many bins away. */
const neighbours = 10;
/** How far a bin stands out of its neighbours, and of its own noise floor, to be part of a note, dB. */
const outstandingDb = 6;
const overFloorDb = 7;
/** Lower down, rumble looks like a note, as it has nothing below it to stand out of. */
const lowestNoteHz = 110;
/** No voice reaches down to here, but drums and basses do; what is steady, as rumble, is taken off first, Hz. */
const bassHz = 68;
const rumbleFactor = 8;
/** What is held for so many frames (0.19 s) is no noise; for so many, above `voiceHz`, no voice that speaks. */
const held = { anything: 6, note: 10 };
/** Above this, the harmonics of a speaking voice move by more than a bin while a vowel lasts, Hz. */
const voiceHz = 400;
/** The noise floor of a bin is the least smoothed power of the last seconds (Martin 2001: minimum statistics). */
const floor = { smoothing: 0.25, parts: 6, partFrames: framesPerSecond };
const bandEdgesHz = [0, 250, 500, 1000, 2000, 4000];
export const bandCount = bandEdgesHz.length - 1;
const mainsHz = [50, 60];

/**
 * What a frame sounds like. `held`: bins that hold their pitch; `notes`: those held so long and high that no voice
 * speaks them; `hum` and `bass`: shares of the power of hum and buzz, and below any voice; `db` and
 * `bandsDb`: power, dB.
 */
export type Frame = {
  held: number;
  notes: number;
  hum: number;
  bass: number;
  db: number;
  bandsDb: Float32Array;
};

const toDb = (power: number) => 10 * Math.log10(power + 1e-12);

/** True for a partial of the mains' hum: within 1 Hz and 2 per mille of a multiple. */
function isMains(hz: number): boolean {
  if (hz > 2000) return false;
  return mainsHz.some((mains) => Math.abs(hz - mains * Math.round(hz / mains)) < 1 + 0.002 * hz);
}

/**
 * Finds notes in spectra: "continuous frequency activation" (Seyerlehner et al., ISMIR 2007), the horizontal bars
 * that music leaves in a spectrogram and that speech and noise do not, with each bin's noise floor taken off first.
 */
export function createFeatures({ onFrame }: { onFrame(frame: Frame): void }) {
  let first = 0;
  let bins = 0;
  let db = new Float32Array(0);
  let sums = new Float64Array(0);
  let smooth = new Float32Array(0);
  let partMin = new Float32Array(0);
  let mins: Float32Array[] = [];
  let floors = new Float32Array(0);
  let runs = new Uint16Array(0);
  /** Frequency of the line that a bin is part of, Hz; 0: it does not stand out. */
  let lineHz = new Float32Array(0);
  let combs = createCombs(0);
  let bandOf = new Int8Array(0);
  let partFrames = 0;
  let part = 0;
  let frames = 0;
  let bassBins = 0;
  let firstHeld = 0;
  let firstNote = 0;
  const frame: Frame = { held: 0, notes: 0, hum: 0, bass: 0, db: 0, bandsDb: new Float32Array(bandCount) };
  const bandPower = new Float64Array(bandCount);

  function layOut(binHz: number): void {
    first = Math.ceil(lowestHz / binHz);
    bins = Math.floor(highestHz / binHz) - first;
    db = new Float32Array(bins);
    sums = new Float64Array(bins + 1);
    smooth = new Float32Array(bins);
    partMin = new Float32Array(bins).fill(Number.POSITIVE_INFINITY);
    mins = Array.from({ length: floor.parts }, () => new Float32Array(bins).fill(Number.POSITIVE_INFINITY));
    floors = new Float32Array(bins).fill(-120);
    runs = new Uint16Array(bins);
    lineHz = new Float32Array(bins);
    combs = createCombs(bins);
    bandOf = Int8Array.from({ length: bins }, (_, i) =>
      bandEdgesHz.findLastIndex((edge) => edge <= (first + i) * binHz),
    );
    bassBins = Math.ceil(bassHz / binHz) - first;
    firstHeld = Math.round(lowestNoteHz / binHz) - first;
    firstNote = Math.round(voiceHz / binHz) - first;
    partFrames = 0;
    part = 0;
    frames = 0;
  }

  function followFloor(power: Float32Array): void {
    frames += 1;
    for (let i = 0; i < bins; i += 1) {
      const value = power[first + i];
      smooth[i] += (frames === 1 ? 1 : floor.smoothing) * (value - smooth[i]);
      if (frames > 4 && smooth[i] < partMin[i]) partMin[i] = smooth[i];
    }
    // In the first second the rumble must be known already; notes are not measured against so young a floor.
    if (frames > 8 && frames < floor.partFrames)
      for (let i = 0; i < bassBins; i += 1) floors[i] = toDb(partMin[i]);
    partFrames += 1;
    if (partFrames < floor.partFrames) return;
    partFrames = 0;
    mins[part].set(partMin);
    partMin.fill(Number.POSITIVE_INFINITY);
    part = (part + 1) % floor.parts;
    for (let i = 0; i < bins; i += 1) {
      let least = mins[0][i];
      for (let j = 1; j < floor.parts; j += 1) if (mins[j][i] < least) least = mins[j][i];
      floors[i] = toDb(least);
    }
  }

  /** Frequency of the peak at or beside bin `i`, by a parabola through the decibels, Hz. */
  function peakHz(i: number, binHz: number): number {
    let at = i;
    if (at > 1 && db[at - 1] > db[at]) at -= 1;
    else if (at < bins - 2 && db[at + 1] > db[at]) at += 1;
    if (at < 1 || at > bins - 2) return (first + at) * binHz;
    const [left, mid, right] = [db[at - 1], db[at], db[at + 1]];
    const bend = left - 2 * mid + right;
    return (first + at + (bend < 0 ? (0.5 * (left - right)) / bend : 0)) * binHz;
  }

  function measurePower(power: Float32Array): number {
    bandPower.fill(0);
    let total = 0;
    for (let i = 0; i < bins; i += 1) {
      const value = power[first + i];
      db[i] = toDb(value);
      sums[i + 1] = sums[i] + db[i];
      bandPower[bandOf[i]] += value;
      total += value;
    }
    for (let b = 0; b < bandCount; b += 1) frame.bandsDb[b] = toDb(bandPower[b]);
    return total;
  }

  function overNeighboursDb(i: number): number {
    const from = Math.max(0, i - neighbours);
    const to = Math.min(bins, i + neighbours + 1);
    return db[i] - (sums[to] - sums[from]) / (to - from);
  }

  /** Power below any voice, without what of it is steady. */
  function bassPower(power: Float32Array): number {
    let sum = 0;
    for (let i = 0; i < bassBins; i += 1)
      sum += Math.max(0, power[first + i] - rumbleFactor * 10 ** (floors[i] / 10));
    return sum;
  }

  function findLines(power: Float32Array, binHz: number): void {
    combs.clear();
    for (let i = 0; i < bins; i += 1) {
      const overDb = overNeighboursDb(i);
      lineHz[i] = overDb > outstandingDb ? peakHz(i, binHz) : 0;
      const isPeak = lineHz[i] > 0 && Math.round(lineHz[i] / binHz) === first + i;
      if (isPeak && i >= firstHeld) combs.add(lineHz[i], overDb, power[first + i]);
    }
    combs.find();
  }

  /** Counts the bins that hold their pitch; gives the power of hum and buzz. */
  function followBars(power: Float32Array): number {
    let hum = 0;
    frame.held = 0;
    frame.notes = 0;
    for (let i = 0; i < bins; i += 1) {
      const isOut = lineHz[i] > 0;
      const isHum = isOut && (isMains(lineHz[i]) || combs.has(lineHz[i], power[first + i]));
      if (isHum) hum += power[first + i];
      runs[i] = isOut && !isHum && db[i] - floors[i] > overFloorDb ? runs[i] + 1 : 0;
      if (runs[i] >= held.anything && i >= firstHeld) frame.held += 1;
      if (runs[i] >= held.note && i >= firstNote) frame.notes += 1;
    }
    return hum;
  }

  return {
    begin(): void {
      bins = 0;
    },
    hear(power: Float32Array, binHz: number): void {
      if (bins === 0) layOut(binHz);
      const total = measurePower(power);
      findLines(power, binHz);
      const hum = followBars(power);
      frame.hum = total > 0 ? hum / total : 0;
      frame.bass = total > 0 ? bassPower(power) / total : 0;
      frame.db = toDb(total);
      followFloor(power);
      onFrame(frame);
    },
  };
}
