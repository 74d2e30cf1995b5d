import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clip, createBelief } from './belief.ts';
import { createJudge } from './judge.ts';
import type { Identification } from './listen.ts';
import { openStore, type Store } from './store.ts';
import { createHeardPlays } from './unknown/plays.ts';

/** A track that plays in these seconds, who knows it, and how many seconds into it it is taken to be when it begins. */
type Track = { id: string; from: number; to: number; knownTo: 'index' | 'service' | 'nobody'; at?: number };

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pid-take-'));
  store = openStore(folder, () => new Date()).store;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** Listener, belief, inquiry and who takes the plays, put together as in the program. */
function deck(tracks: readonly Track[], { refused = '' } = {}) {
  let ids = 0;
  const plays = createHeardPlays(store);
  const learnt = new Map<string, number>();
  const belief = createBelief({ newId: () => `play-${++ids}`, recalled: null });
  const identified = (clip: Clip, by: Track['knownTo']): Identification & { kind: 'match' | 'no_match' } => {
    const track = tracks.find(
      ({ from, to }) => Math.min(clip.endMs / 1000, to) - Math.max(clip.startMs / 1000, from) > 2.5,
    );
    if (track?.knownTo !== by) return { kind: 'no_match' };
    const offsetSeconds = clip.startMs / 1000 - track.from + (track.at ?? 0);
    const offsetToleranceMs = by === 'service' ? 1000 : 0;
    return {
      kind: 'match',
      match: { trackId: track.id, offsetSeconds, speed: 1, durationSeconds: null, offsetToleranceMs },
    };
  };
  const { listener } = createJudge({
    belief,
    sound: (clip) => ({ ...clip, pcm: new Float32Array(0) }),
    identify: async (clip) => identified(clip, 'index'),
    services: {
      mayAsk: () => true,
      async ask(clip) {
        const answer = identified(clip, 'service');
        return { answer, by: answer.kind === 'match' ? 'audd' : null, answers: [{ by: 'audd', answer }] };
      },
    },
    isRefused: (trackId) => trackId === refused,
    keepName: () => undefined,
    follow: (decisions) => decisions,
    takers: [
      (play, onsetMs) => plays.played(play, onsetMs),
      ({ trackId, startMs }, onsetMs) =>
        learnt.has(trackId) || learnt.set(trackId, Math.max(startMs, onsetMs) / 1000),
    ],
    onState: () => undefined,
    trouble: () => (error) => {
      throw error;
    },
  });
  return {
    learnt,
    async run(until: number): Promise<void> {
      for (let second = 0; second < until; second += 0.25) {
        const isOn = tracks.some(({ from, to }) => second >= from && second < to);
        const startMs = second * 1000;
        const rms = isOn ? 0.1 : 0;
        listener.hop({ startMs, endMs: startMs + 250, rms, peak: rms, sound: isOn ? 'music' : 'quiet' });
        for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
      }
    },
    /** Seconds in which each play was heard. */
    heard: () =>
      plays
        .during({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })
        .map(({ trackId, fromMs, toMs }) => [trackId, fromMs / 1000, toMs / 1000]),
  };
}

describe('what was heard of a play', () => {
  it('is not the unknown music before it, where the needle was set down in the middle of its track', async () => {
    const { run, heard } = deck([
      { id: 'x', from: 10, to: 55, knownTo: 'nobody' },
      { id: 'a', from: 57, to: 120, knownTo: 'index', at: 100 },
    ]);
    await run(140);
    expect(heard()).toEqual([['a', 57, 120]]);
  });

  it('is not the unknown music before it without a gap, where its service tells a place in another edit', async () => {
    for (const at of [60, 90, 200, 400]) {
      const { run, heard, learnt } = deck([
        { id: 'x', from: 10, to: 200, knownTo: 'nobody' },
        { id: 'a', from: 200, to: 400, knownTo: 'service', at },
      ]);
      await run(420);
      const [[, from]] = heard();
      expect(from).toBeGreaterThanOrEqual(190);
      expect(learnt.get('a')).toBeGreaterThanOrEqual(190);
      store.exec('DELETE FROM heard_plays');
    }
  });

  it('is all of a track that the service knows from its beginning, also without a gap before it', async () => {
    const { run, heard, learnt } = deck([
      { id: 'x', from: 10, to: 200, knownTo: 'nobody' },
      { id: 'a', from: 200, to: 400, knownTo: 'service' },
      { id: 'b', from: 402, to: 500, knownTo: 'service' },
    ]);
    await run(520);
    expect(heard()).toEqual([
      ['a', 200, 402],
      ['b', 402, 500],
    ]);
    expect(learnt.get('a')).toBe(200);
  });

  it('is since the deck went on, after a pause', async () => {
    const { run, heard } = deck([
      { id: 'a', from: 10, to: 60, knownTo: 'index' },
      { id: 'a', from: 90, to: 200, knownTo: 'index', at: 50 },
    ]);
    await run(220);
    expect(heard().map(([, from]) => from)).toEqual([10, 90]);
  });

  it('is nothing where a person said that it is another track, whoever names it', async () => {
    const tracks: Track[] = [
      { id: 'a', from: 10, to: 60, knownTo: 'index' },
      { id: 'b', from: 80, to: 160, knownTo: 'service' },
    ];
    for (const [refused, left] of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const { run, heard } = deck(tracks, { refused });
      await run(180);
      expect(heard().map(([trackId]) => trackId)).toEqual([left]);
      store.exec('DELETE FROM heard_plays');
    }
  });
});
