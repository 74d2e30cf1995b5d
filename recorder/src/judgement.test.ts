import { describe, expect, it } from 'vitest';
import { type BelievedPlay, type Clip, createBelief } from './belief.ts';
import { createListener, type Identification } from './listen.ts';
import { random } from './testing/random.ts';

/**
 * Two hundred steps of an evening: records with gaps and segues, tracks played twice, 40-second tracks, two
 * versions of one song, a side that is flipped; one answer in ten is wrong and one in twelve is missing.
 */
type Step = { trackId: string; startMs: number; endMs: number; durationSeconds: number };

function evening(seed: number, count: number): Step[] {
  const next = random(seed);
  const steps: Step[] = [];
  let atMs = 10_000;
  for (let i = 0; i < count; i += 1) {
    const before = steps.at(-1);
    const again = before !== undefined && next() < 0.06;
    const number = Math.floor(next() * 80);
    const trackId = again ? before.trackId : `track-${number}`;
    const durationSeconds = again
      ? before.durationSeconds
      : number % 7 === 0
        ? 40
        : 90 + ((number * 37) % 180);
    const segue = next() < 0.25;
    const flipped = i % 12 === 11;
    atMs += flipped ? 75_000 : segue ? 0 : 800 + next() * 5000;
    steps.push({ trackId, startMs: atMs, endMs: atMs + durationSeconds * 1000, durationSeconds });
    atMs += durationSeconds * 1000;
  }
  return steps;
}

/** Who names the tracks: the index at a measured place, or a service in whole seconds, or without any place. */
type Manner = 'index' | 'seconds' | 'nowhere';

const inManner = (found: Identification, manner: Manner): Identification => {
  if (found.kind !== 'match' || manner === 'index') return found;
  const { match } = found;
  return manner === 'seconds'
    ? {
        kind: 'match',
        match: { ...match, offsetSeconds: Math.floor(match.offsetSeconds), offsetToleranceMs: 1000 },
      }
    : { kind: 'match', match: { ...match, offsetSeconds: 0, offsetToleranceMs: Number.POSITIVE_INFINITY } };
};

function provider(steps: readonly Step[], seed: number) {
  const next = random(seed);
  return (clip: Clip): Identification => {
    const luck = next();
    if (luck < 0.1) {
      const wrong = steps[Math.floor(next() * steps.length)];
      const offsetSeconds = next() * wrong.durationSeconds;
      return match({ ...wrong, offsetSeconds });
    }
    if (luck < 0.18) return { kind: 'no_match' };
    const heard = steps
      .map((step) => ({ step, ms: Math.min(clip.endMs, step.endMs) - Math.max(clip.startMs, step.startMs) }))
      .sort((a, b) => b.ms - a.ms)[0];
    if (heard.ms < 1900) return { kind: 'no_match' };
    const { step } = heard;
    // Another version of the same song: a tenth of its answers name its sister.
    const sister = step.trackId.endsWith('3') && next() < 0.1 ? `${step.trackId}-live` : step.trackId;
    const jitter = (next() - 0.5) * 0.2;
    return match({ ...step, trackId: sister, offsetSeconds: (clip.startMs - step.startMs) / 1000 + jitter });
  };
}

const match = ({
  trackId,
  durationSeconds,
  offsetSeconds,
}: {
  trackId: string;
  durationSeconds: number;
  offsetSeconds: number;
}): Identification => ({
  kind: 'match',
  match: { trackId, offsetSeconds, speed: 1, durationSeconds },
});

const music = { rms: 0.1, peak: 0.3, sound: 'music' } as const;
const quiet = { rms: 0, peak: 0, sound: 'quiet' } as const;

async function listenTo(
  steps: readonly Step[],
  answer: (clip: Clip) => Identification,
): Promise<BelievedPlay[]> {
  const plays = new Map<string, BelievedPlay>();
  let ids = 0;
  const listener = createListener({
    belief: createBelief({ newId: () => `play-${++ids}`, recalled: null }),
    identify: async (clip) => answer(clip),
    onDecisions: (decisions) => {
      for (const decision of decisions)
        if (decision.kind === 'write') plays.set(decision.play.entryId, decision.play);
    },
    onState: () => undefined,
    onTrouble(error) {
      throw error;
    },
  });
  let position = 0;
  const until = (steps.at(-1)?.endMs ?? 0) + 20_000;
  for (let ms = 0; ms < until; ms += 250) {
    while (position < steps.length - 1 && steps[position].endMs <= ms) position += 1;
    const { startMs, endMs } = steps[position];
    const isOn = ms >= startMs && ms < endMs;
    listener.hop({ startMs: ms, endMs: ms + 250, ...(isOn ? music : quiet) });
    await Promise.resolve();
    await Promise.resolve();
  }
  return [...plays.values()];
}

/** How many plays are at no step, how many steps have one, and how many more than one. */
function compare(steps: readonly Step[], plays: readonly BelievedPlay[], withinMs: number) {
  const close = (play: BelievedPlay, step: Step) =>
    play.trackId === step.trackId && Math.abs(play.startMs - step.startMs) < withinMs;
  const counts = steps.map((step) => plays.filter((play) => close(play, step)).length);
  return {
    wrong: plays
      .filter((play) => !steps.some((step) => close(play, step)))
      .map(({ trackId, startMs }) => `${trackId} at ${Math.round(startMs / 1000)} s`),
    found: counts.filter((count) => count > 0).length / steps.length,
    twice: counts.filter((count) => count > 1).length,
  };
}

describe('judgement over an evening of 200 steps', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'writes no wrong play and at least 98 of 100 true ones, each once (evening %i)',
    async (seed) => {
      const steps = evening(seed, 200);
      const { wrong, found, twice } = compare(
        steps,
        await listenTo(steps, provider(steps, seed * 1000)),
        1500,
      );
      expect(wrong).toEqual([]);
      expect(twice).toBe(0);
      expect(found).toBeGreaterThanOrEqual(0.98);
    },
  );

  it.each([11, 12, 13, 138])('does so with a service that tells whole seconds (evening %i)', async (seed) => {
    const steps = evening(seed, 200);
    const answer = provider(steps, seed * 1000);
    const plays = await listenTo(steps, (clip) => inManner(answer(clip), 'seconds'));
    const { wrong, found, twice } = compare(steps, plays, 2500);
    expect(wrong).toEqual([]);
    expect(twice).toBe(0);
    expect(found).toBeGreaterThanOrEqual(0.98);
  });

  it.each([21, 22, 23, 104, 107, 116])(
    'does so with a service that tells no place at all (evening %i)',
    async (seed) => {
      const steps = evening(seed, 200);
      const answer = provider(steps, seed * 1000);
      const plays = await listenTo(steps, (clip) => inManner(answer(clip), 'nowhere'));
      const { wrong, found, twice } = compare(steps, plays, 15_000);
      expect(wrong).toEqual([]);
      expect(twice).toBe(0);
      expect(found).toBeGreaterThanOrEqual(0.98);
    },
  );
});
