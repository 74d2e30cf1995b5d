import { bandCount, type Frame } from './features.ts';

/** Frames looked back on: two seconds. */
const length = 64;
/** Frames that share no sound are so far apart: 94 ms. */
const lag = 3;
/** The lowest band has rumble and thuds, so change is measured in the others. */
const firstBand = 1;
/** Frames whose level is told: a hop of the ear. */
const levelFrames = 8;
/** A frame is low when it is so far below the mean power. */
const lowDb = 6;

/**
 * What the last two seconds were like: `held` and `notes` as in a frame, their mean; `hum` and `bass`: their shares of
 * the power; `change`: of the middling bands' power from frame to frame, dB; `low`: share of frames far below the mean power;
 * `levelDb`: mean power of the middling bands in the last quarter second.
 */
export type Heard = {
  held: number;
  notes: number;
  hum: number;
  bass: number;
  change: number;
  low: number;
  levelDb: number;
};

/** The last two seconds of frames, and what they were like. */
export function createWindow() {
  const held = new Float32Array(length);
  const notes = new Float32Array(length);
  const hum = new Float32Array(length);
  const bass = new Float32Array(length);
  const db = new Float32Array(length);
  const bands = Array.from({ length: bandCount }, () => new Float32Array(length));
  const changes = new Float32Array(length - lag);
  const changeOfBand = new Float32Array(bandCount - firstBand);
  const measured: Heard = { held: 0, notes: 0, hum: 0, bass: 0, change: 0, low: 0, levelDb: 0 };
  let frames = 0;

  const mean = (values: Float32Array) => {
    let sum = 0;
    for (let i = 0; i < length; i += 1) sum += values[i];
    return sum / length;
  };

  function medianChange(): number {
    const count = Math.min(frames, length) - lag;
    if (count < lag) return 0;
    for (let b = firstBand; b < bandCount; b += 1) {
      const band = bands[b];
      for (let i = 0; i < count; i += 1) {
        const at = (frames - 1 - i) % length;
        changes[i] = Math.abs(band[at] - band[(at - lag + length) % length]);
      }
      const some = changes.subarray(0, count).sort();
      changeOfBand[b - firstBand] = some[count >> 1];
    }
    return changeOfBand.sort()[1];
  }

  /** Share of the power of a part whose share of each frame is known. */
  function shareOf(part: Float32Array): number {
    let power = 1e-12;
    let sum = 0;
    for (let i = 0; i < Math.min(frames, length); i += 1) {
      const whole = 10 ** (db[i] / 10);
      power += whole;
      sum += whole * part[i];
    }
    return sum / power;
  }

  function lowShare(): number {
    let power = 0;
    const count = Math.min(frames, length);
    if (count === 0) return 0;
    for (let i = 0; i < count; i += 1) power += 10 ** (db[i] / 10);
    const limit = 10 * Math.log10(power / count) - lowDb;
    let low = 0;
    for (let i = 0; i < count; i += 1) if (db[i] < limit) low += 1;
    return low / count;
  }

  function level(): number {
    const count = Math.min(frames, levelFrames);
    let power = 1e-12;
    for (let i = 1; i <= count; i += 1)
      for (let b = firstBand; b < bandCount; b += 1)
        power += 10 ** (bands[b][(frames - i) % length] / 10) / count;
    return 10 * Math.log10(power);
  }

  return {
    add(frame: Frame): void {
      const at = frames % length;
      held[at] = frame.held;
      notes[at] = frame.notes;
      hum[at] = frame.hum;
      bass[at] = frame.bass;
      db[at] = frame.db;
      for (let b = 0; b < bandCount; b += 1) bands[b][at] = frame.bandsDb[b];
      frames += 1;
    },
    clear(): void {
      held.fill(0);
      notes.fill(0);
      hum.fill(0);
      bass.fill(0);
      frames = 0;
    },
    /** The same object each time. */
    measure(): Readonly<Heard> {
      measured.held = mean(held);
      measured.notes = mean(notes);
      measured.hum = shareOf(hum);
      measured.bass = shareOf(bass);
      measured.change = medianChange();
      measured.low = lowShare();
      measured.levelDb = level();
      return measured;
    },
  };
}
