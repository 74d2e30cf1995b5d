import { seeded } from '../seeded.ts';

/** Sound that is no music, made from a seed: what a deck gives while nothing is recorded in the groove. */
export const sampleRate = 44_100;

const amplitude = (db: number) => 10 ** (db / 20);

/** Brings the RMS of a sound to `db` (dBFS). */
export function toLevel(pcm: Float32Array, db: number): Float32Array {
  let sum = 0;
  for (const value of pcm) sum += value * value;
  const gain = amplitude(db) / Math.sqrt(sum / pcm.length || 1);
  return pcm.map((value) => value * gain);
}

export function mix(...parts: Float32Array[]): Float32Array {
  const mixed = new Float32Array(Math.max(...parts.map((part) => part.length)));
  for (const part of parts) for (let i = 0; i < part.length; i += 1) mixed[i] += part[i];
  return mixed;
}

export function join(...parts: Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function white(seconds: number, db: number, seed: number): Float32Array {
  const next = seeded(seed);
  // The sum of four is near enough to normal.
  const pcm = Float32Array.from(
    { length: seconds * sampleRate },
    () => next() + next() + next() + next() - 2,
  );
  return toLevel(pcm, db);
}

/** Kellet's filter, -3 dB an octave within 0.05 dB. */
export function pink(seconds: number, db: number, seed: number): Float32Array {
  const b = new Float64Array(6);
  const poles = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616];
  const gains = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898];
  const pcm = white(seconds, -20, seed).map((value) => {
    let sum = value * 0.5362;
    for (let i = 0; i < 6; i += 1) {
      b[i] = poles[i] * b[i] + value * gains[i];
      sum += b[i];
    }
    return sum;
  });
  return toLevel(pcm, db);
}

/** Mains hum with the harmonics of a rectifier. */
export function hum(seconds: number, { db, mainsHz }: { db: number; mainsHz: number }): Float32Array {
  const harmonics = [1, 0.5, 0.7, 0.2, 0.35, 0.12, 0.2, 0.06, 0.1, 0.04, 0.08, 0.03];
  const pcm = Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
    let sum = 0;
    for (const [h, gain] of harmonics.entries())
      sum += gain * Math.sin((2 * Math.PI * mainsHz * (h + 1) * i) / sampleRate + h);
    return sum;
  });
  return toLevel(pcm, db);
}

/** Pulses as of a rectifier or a dimmer, `hz` a second, each so long a share of its period. */
export function buzz(
  seconds: number,
  { db, hz, share }: { db: number; hz: number; share: number },
): Float32Array {
  const pcm = Float32Array.from({ length: seconds * sampleRate }, (_, i) =>
    ((i * hz) / sampleRate) % 1 < share ? 1 - share : -share,
  );
  return toLevel(pcm, db);
}

/**
 * A GSM phone beside the deck: its bursts, an eighth of each frame of 60/13 ms (3GPP TS 45.002). In a call every 26th is left out;
 * while it only answers the network, there are groups of them.
 */
export function phone(seconds: number, { db, inCall }: { db: number; inCall: boolean }): Float32Array {
  const pcm = Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
    const t = i / sampleRate;
    const frame = (t * 13) / 0.06;
    const isOn = inCall ? Math.floor(frame) % 26 < 25 : t % 8 < 3 && (t * 8) % 1 < 0.6;
    return isOn && frame % 1 < 1 / 8 ? 1 : 0;
  });
  return toLevel(pcm, db);
}

/** Clicks of 0.1 to 2 ms, exponential in height, at random times; `peakDb`: height of the mean one. */
function crackle(
  seconds: number,
  { perSecond, peakDb, seed }: { perSecond: number; peakDb: number; seed: number },
) {
  const next = seeded(seed);
  const pcm = new Float32Array(seconds * sampleRate);
  for (let at = 0; at < pcm.length; at += (-Math.log(1 - next()) / perSecond) * sampleRate) {
    const height = amplitude(peakDb) * -Math.log(1 - next()) * (next() < 0.5 ? -1 : 1);
    const decay = (0.0001 + 0.0019 * next() ** 3) * sampleRate;
    const turn = (2 * Math.PI * (800 + 4000 * next())) / sampleRate;
    for (let i = 0; i < 6 * decay && at + i < pcm.length; i += 1)
      pcm[Math.floor(at) + i] += height * Math.exp(-i / decay) * Math.cos(turn * i);
  }
  return pcm;
}

/**
 * A groove without music: rumble, hiss that swells with each turn (33 1/3 a minute), crackle. `db`: level of
 * rumble and hiss together.
 */
export function groove(
  seconds: number,
  { db, clicksPerSecond, seed }: { db: number; clicksPerSecond: number; seed: number },
): Float32Array {
  let low = 0;
  let lower = 0;
  const rumble = toLevel(
    white(seconds, -20, seed).map((value) => {
      low += 0.004 * (value - low);
      lower += 0.004 * (low - lower);
      return lower;
    }),
    db - 2,
  );
  const hiss = pink(seconds, db - 5, seed + 1).map(
    (value, i) => value * (1 + 0.35 * Math.sin((2 * Math.PI * i) / (1.8 * sampleRate))),
  );
  const clicks = crackle(seconds, { perSecond: clicksPerSecond, peakDb: db + 18, seed: seed + 2 });
  return mix(rumble, hiss, clicks);
}

/** The run-out: groove noise with a thud once a turn. */
export function runOut(seconds: number, db: number, seed: number): Float32Array {
  const pcm = groove(seconds, { db, clicksPerSecond: 6, seed });
  for (let at = sampleRate; at < pcm.length; at += 1.8 * sampleRate)
    for (let i = 0; i < 3000 && at + i < pcm.length; i += 1)
      pcm[Math.floor(at) + i] +=
        amplitude(db + 22) * Math.exp(-i / 500) * Math.sin((2 * Math.PI * 60 * i) / sampleRate);
  return pcm;
}

/** A small living room: direct sound and decaying reflections. */
export function room(pcm: Float32Array, seed: number): Float32Array {
  const next = seeded(seed);
  const echoes = Array.from({ length: 60 }, (_, i) => {
    const delay = 0.004 + 0.35 * (i / 60) * (0.7 + 0.6 * next());
    return {
      at: Math.round(delay * sampleRate),
      gain: 0.5 * Math.exp(-delay / 0.09) * (next() < 0.5 ? -1 : 1),
    };
  });
  const wet = pcm.slice();
  for (const { at, gain } of echoes) for (let i = at; i < wet.length; i += 1) wet[i] += gain * pcm[i - at];
  return wet;
}

/** A needle comes down after `lead` s: thumps of the arm, then the groove. */
export function needleDrop(
  seconds: number,
  { db, lead, seed }: { db: number; lead: number; seed: number },
): Float32Array {
  const next = seeded(seed);
  const pcm = join(
    white(lead, -74, seed + 1),
    groove(seconds - lead, { db, clicksPerSecond: 12, seed: seed + 2 }),
  );
  for (const [after, height] of [
    [0, -14],
    [0.25, -20],
    [0.5, -26],
  ]) {
    const at = Math.round((lead + after) * sampleRate);
    const turn = (2 * Math.PI * (40 + 60 * next())) / sampleRate;
    for (let i = 0; i < 16_000 && at + i < pcm.length; i += 1)
      pcm[at + i] += amplitude(height) * Math.exp(-i / 2500) * Math.sin(turn * i);
  }
  return pcm;
}

/** Formants of five vowels, Hz (Peterson and Barney 1952, men). */
const vowels = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
];

/** Somebody sings alone, without words: held vowels with vibrato, drawn from note to note, and breath in between. */
export function singing(
  seconds: number,
  { lowestHz, seed }: { lowestHz: number; seed: number },
): Float32Array {
  const next = seeded(seed);
  const scale = [0, 2, 4, 5, 7, 9, 11, 12];
  const pcm = new Float32Array(Math.round(seconds * sampleRate));
  let phase = 0;
  let hz = lowestHz;
  for (let at = 0; at < pcm.length; ) {
    const length = Math.round((0.35 + 0.9 * next()) * sampleRate);
    const target = lowestHz * 2 ** (scale[Math.floor(next() * scale.length)] / 12);
    const vowel = vowels[Math.floor(next() * vowels.length)];
    const breath = next() < 0.2 ? Math.round(0.3 * sampleRate) : 0;
    const gains = Array.from({ length: 24 }, (_, h) =>
      vowel.reduce(
        (sum, formant, n) => sum + 1 / ((1 + (((h + 1) * target - formant) / 90) ** 2) * (n + 1)),
        0.02 / (h + 1),
      ),
    );
    for (let i = 0; i < length && at + i < pcm.length; i += 1) {
      hz += (target - hz) * 0.0006;
      phase +=
        (2 * Math.PI * hz * 2 ** ((0.4 * Math.sin((2 * Math.PI * 5.5 * i) / sampleRate)) / 12)) / sampleRate;
      const rise = Math.min(1, i / 3000, (length - i) / 3000);
      for (const [h, gain] of gains.entries()) pcm[at + i] += rise * gain * Math.sin((h + 1) * phase);
    }
    at += length + breath;
  }
  return toLevel(pcm, -24);
}
