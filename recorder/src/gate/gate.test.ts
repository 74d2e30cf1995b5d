import { describe, expect, it } from 'vitest';
import { random } from '../testing/random.ts';
import { createGate, type Sound } from './gate.ts';

const rate = 44_100;

type Maker = (t: number) => number;
const noise = (level: number, seed = 1): Maker => {
  const next = random(seed);
  return () => level * (next() + next() + next() + next() - 2);
};
const sine =
  (hz: number, level: number): Maker =>
  (t) =>
    level * Math.sin(2 * Math.PI * hz * t);
const sum =
  (...makers: Maker[]): Maker =>
  (t) =>
    makers.reduce((all, make) => all + make(t), 0);

/** Chords of three notes with harmonics, a new one every 0.6 s. */
const chords = (level: number): Maker => {
  const steps = [0, 3, 7, 5, 10, 2, 8];
  return (t) => {
    const beat = Math.floor(t / 0.6);
    const decay = Math.exp(-2 * (t - beat * 0.6));
    let value = 0;
    for (const voice of [0, 4, 7]) {
      const hz = 233 * 2 ** ((steps[beat % steps.length] + voice) / 12);
      for (let h = 1; h <= 5; h += 1) value += Math.sin(2 * Math.PI * hz * h * t) / h;
    }
    return 0.2 * level * decay * value;
  };
};

/** Syllables, five a second with pauses between sentences: a buzz whose pitch glides, and hissing. */
const syllables = (level: number): Maker => {
  const hiss = noise(1, 9);
  let phase = 0;
  return (t) => {
    const syllable = Math.floor(t * 5);
    const within = t * 5 - syllable;
    phase += (110 * (1.3 - 0.4 * within + 0.15 * Math.sin(syllable))) / rate;
    if (syllable % 13 > 9 || within > 0.7) return 0;
    const voiced = syllable % 3 > 0;
    const sound = voiced ? 2 * (phase % 1) - 1 : 0.3 * hiss(t);
    return level * Math.sin(Math.PI * (within / 0.7)) ** 2 * sound;
  };
};

/** What the gate says at the end of each quarter second. */
function judge(make: Maker, seconds: number, { threshold = 0.0004, sampleRate = rate } = {}): Sound[] {
  const gate = createGate();
  gate.begin({ sampleRate });
  const said: Sound[] = [];
  const hop = new Float32Array(sampleRate / 4);
  for (let n = 0; n < seconds * 4; n += 1) {
    let power = 0;
    for (let i = 0; i < hop.length; i += 1) {
      hop[i] = make(n / 4 + i / sampleRate);
      power += hop[i] ** 2;
    }
    gate.hear(hop);
    said.push(gate.judge(Math.sqrt(power / hop.length) >= threshold));
  }
  return said;
}

const kinds = (said: Sound[]) => [...new Set(said)].sort();
const firstMusic = (said: Sound[]) => said.indexOf('music') / 4;

describe('the gate', () => {
  it.each([0.001, 0.01, 0.1])('takes steady noise of %f for noise', (level) => {
    expect(kinds(judge(noise(level), 30))).toEqual(['noise']);
  });

  it('takes crackle over hiss for noise', () => {
    const next = random(3);
    const hiss = noise(0.003, 4);
    let click = 0;
    const crackle: Maker = (t) => {
      if (next() < 20 / rate) click = 0.3 * (next() - 0.5);
      click *= 0.97;
      return hiss(t) + click;
    };
    expect(judge(crackle, 30)).not.toContain('music');
  });

  it.each([50, 60])('takes hum of %i Hz for hum', (mains) => {
    const hum = sum(...[1, 2, 3, 5, 7].map((h) => sine(mains * h, 0.01 / h)), noise(0.0005));
    const said = judge(hum, 20);
    expect(said).not.toContain('music');
    expect(said.at(-1)).toBe('hum');
  });

  it.each([
    [99.8, 0.1],
    [120, 0.03],
  ])('takes buzz of %d pulses a second that begins in a groove for hum', (hz, share) => {
    const groove = noise(0.0015);
    const buzz: Maker = (t) => ((t * hz) % 1 < share ? 1 : 0) - share;
    const said = judge((t) => groove(t) + (t > 5 ? 0.01 * buzz(t) : 0), 15);
    expect(said.slice(0, 20)).not.toContain('music');
    expect(said.slice(24)).toEqual(said.slice(24).map(() => 'hum'));
  });

  it('takes the bursts of a phone for hum, however they come and go', () => {
    const groove = noise(0.0015);
    const bursts: Maker = (t) => (t % 5 < 3 && t % 0.125 < 0.075 && ((t * 13) / 0.06) % 1 < 1 / 8 ? 0.03 : 0);
    const said = judge((t) => groove(t) + (t > 5 ? bursts(t) : 0), 20);
    expect(kinds(said)).toEqual(['hum', 'noise']);
  });

  it.each([
    ['an organ', [98, 146.83, 196, 246.94]],
    ['one note beside the frequency of a phone', [220]],
  ])('hears %s that holds its notes', (_, pitches) => {
    const groove = noise(0.0015);
    const pipes = sum(...pitches.flatMap((hz) => [1, 2, 3, 4, 5, 6].map((h) => sine(hz * h, 0.01 / h))));
    const said = judge((t) => groove(t) + (t > 5 ? pipes(t) : 0), 10);
    expect(firstMusic(said)).toBeGreaterThan(5);
    expect(firstMusic(said)).toBeLessThanOrEqual(7);
  });

  it('hears music that begins while something buzzes', () => {
    const buzz: Maker = (t) => 0.01 * (((t * 100) % 1 < 0.05 ? 1 : 0) - 0.05);
    const tune = chords(0.1);
    const hiss = noise(0.0005);
    const said = judge((t) => hiss(t) + (t > 3 ? buzz(t) : 0) + (t > 8 ? tune(t) : 0), 12);
    expect(said.slice(0, 32)).not.toContain('music');
    expect(firstMusic(said)).toBeLessThanOrEqual(10);
  });

  it('takes speech for talk', () => {
    const said = judge(sum(syllables(0.1), noise(0.0005)), 30);
    expect(said).not.toContain('music');
    expect(said.filter((sound) => sound === 'talk').length).toBeGreaterThan(60);
  });

  it.each([8000, 22_050, 44_100, 48_000, 96_000])('hears music within 1.5 s at %i Hz', (sampleRate) => {
    expect(firstMusic(judge(chords(0.1), 4, { sampleRate }))).toBeLessThanOrEqual(1.5);
  });

  it('hears a quiet intro at -45 dBFS over groove noise', () => {
    const said = judge(sum(chords(0.0056 / 0.15), noise(0.001)), 6);
    expect(firstMusic(said)).toBeLessThanOrEqual(2);
  });

  it('takes no cry for music, though it holds its pitch', () => {
    const cry: Maker = (t) => {
      const within = t % 4;
      if (within > 0.5) return 0;
      let value = 0;
      for (let h = 1; h <= 8; h += 1) value += Math.sin(2 * Math.PI * 340 * h * t) / h;
      return 0.1 * Math.sin((Math.PI * within) / 0.5) * value;
    };
    const hiss = noise(0.0006);
    expect(judge((t) => hiss(t) + (t > 4 ? cry(t) : 0), 30)).not.toContain('music');
  });

  it('tells noise that swells as the sea does, far above the groove, from a groove that is louder', () => {
    const groove = noise(0.001, 11);
    const more = noise(0.03, 12);
    const sea = judge((t) => groove(t) + (t > 5 ? 0.5 * (1.1 + Math.sin(2.2 * t)) * more(t) : 0), 12);
    expect(sea.slice(0, 20)).not.toContain('swelling');
    expect(sea.indexOf('swelling') / 4).toBeLessThan(9);
    const louder = judge((t) => groove(t) + (t > 5 ? more(t) : 0), 12);
    expect(kinds(louder)).toEqual(['noise']);
  });

  it('hears music that begins in groove noise, and says when it has ended', () => {
    const hiss = noise(0.002);
    const tune = chords(0.1);
    const said = judge((t) => hiss(t) + (t >= 10 && t < 20 ? tune(t) : 0), 30);
    expect(said.slice(0, 40)).not.toContain('music');
    expect(said.indexOf('music')).toBeLessThan(46);
    expect(said.slice(92)).not.toContain('music');
  });

  it('hears drums without any note for music, as no voice has their bass', () => {
    const rattle = noise(1, 7);
    const drums: Maker = (t) =>
      0.3 * Math.exp(-14 * (t % 0.5)) * Math.sin(2 * Math.PI * 55 * t) +
      0.1 * Math.exp(-20 * (t % 0.25)) * rattle(t);
    expect(firstMusic(judge(drums, 5))).toBeLessThanOrEqual(2);
  });

  it('calls quiet what is below the threshold of the settings, music or not', () => {
    expect(kinds(judge(chords(0.01), 5, { threshold: 0.1 }))).toEqual(['quiet']);
  });
});
