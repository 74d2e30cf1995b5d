import { describe, expect, it, vi } from 'vitest';
import { type BelievedPlay, type Clip, createBelief, type Decision } from '../belief.ts';
import type { Circumstances, ProviderAnswer } from '../identify.ts';
import { createListener, type Identification } from '../listen.ts';
import { random } from '../testing/random.ts';
import { createInquiry } from './inquiry.ts';
import type { Services } from './services.ts';

type Inquiry = ReturnType<typeof createInquiry>;
const heardFor = (heardMs: number): Circumstances => ({ belief: 'none', heardMs });

/** A track that plays from `startMs`, and who knows it. */
type Track = {
  id: string;
  from: number;
  to: number;
  knownTo: 'index' | 'service' | 'nobody';
  /** Seconds into it at `from`; 0 when left out. */
  at?: number;
  /** As the service tells it; null: it does not. */
  length?: number | null;
  /** False: the service tells no place in it. */
  placed?: boolean;
  /** Sounds like talk to the gate. */
  isTalk?: boolean;
};

/** `isSure`: what is shown is confirmed. */
type Call = { clip: Clip; shown: string | null; isSure: boolean };

/** What a service says, who names another track `laterBy` seconds further on than this one; null: no match. */
type Said = { id: string; laterBy?: number } | null;

/** The listener, what is believed and the inquiry together, on tracks (seconds), with a service that takes `latency` s. */
function evening(
  tracks: readonly Track[],
  {
    latency = 2,
    dead = false,
    broken = false,
    mayAsk = (): boolean => true,
    refused = '',
    slowIndex = false,
    /** What the service says in its so manieth answer, in place of what it knows. */
    says = (_call: number): Said | undefined => undefined,
  } = {},
) {
  const calls: Call[] = [];
  const troubles: unknown[] = [];
  const localMs: number[] = [];
  const plays = new Map<string, BelievedPlay>();
  const shows: { second: number; trackId: string | null }[] = [];
  const due: { second: number; run: () => void }[] = [];
  let second = 0;
  let ids = 0;
  let shown: string | null = null;
  let isSure = false;
  const belief = createBelief({ newId: () => `play-${++ids}`, recalled: null });
  const at = (clip: Clip) => {
    const heard = (track: Track) =>
      Math.min(clip.endMs, track.to * 1000) - Math.max(clip.startMs, track.from * 1000);
    const best = [...tracks].sort((a, b) => heard(b) - heard(a))[0];
    return best && heard(best) > 2500 ? best : null;
  };
  const placeIn = ({ from, at = 0 }: Track, clip: Clip) => clip.startMs / 1000 - from + at;
  const match = (track: Track, clip: Clip, coarse: boolean): Identification & { kind: 'match' } => ({
    kind: 'match',
    match: {
      trackId: track.id,
      offsetSeconds: coarse ? Math.floor(placeIn(track, clip)) : placeIn(track, clip),
      speed: 1,
      durationSeconds: coarse ? (track.length ?? null) : track.to - track.from,
      ...(coarse && { offsetToleranceMs: track.placed === false ? Number.POSITIVE_INFINITY : 2000 }),
    },
  });
  const known = (sound: Clip): ProviderAnswer => {
    const track = at(sound);
    return track?.knownTo === 'service' ? match(track, sound, true) : { kind: 'no_match' };
  };
  function told(sound: Clip): ProviderAnswer {
    const said = says(calls.length);
    const answer = known(sound);
    if (said === undefined) return answer;
    if (said === null || answer.kind !== 'match') return { kind: 'no_match' };
    const offsetSeconds = answer.match.offsetSeconds + (said.laterBy ?? 0);
    return { kind: 'match', match: { ...answer.match, trackId: said.id, offsetSeconds } };
  }
  const inquiry = createInquiry({
    services: {
      mayAsk,
      ask(sound) {
        calls.push({ clip: { startMs: sound.startMs, endMs: sound.endMs }, shown, isSure });
        if (dead) return new Promise(() => undefined);
        if (broken) return Promise.reject(new Error('no space left'));
        const answer = told(sound);
        return new Promise((resolve) =>
          due.push({
            second: second + latency,
            run: () => resolve({ answer, by: answer.kind === 'match' ? 'audd' : null, answers: [] }),
          }),
        );
      },
    },
    sound: (clip) => ({ ...clip, pcm: new Float32Array(0) }),
    expectedEndMs: () => belief.expectedEndMs(),
    onAnswer: (clip, answer) => listener.answer(clip, answer),
    onTrouble: (error) => troubles.push(error),
  });
  const listener = createListener({
    belief: {
      ...belief,
      answer: (clip, found, onsetMs) =>
        belief.answer(clip, found?.trackId === refused ? null : found, onsetMs),
    },
    async identify(clip, circumstances) {
      localMs.push(clip.endMs);
      if (slowIndex) await new Promise<void>((run) => due.push({ second: second + 2, run }));
      const track = at(clip);
      const local: Identification =
        track?.knownTo === 'index' ? match(track, clip, false) : { kind: 'no_match' };
      return inquiry.heard(clip, local, circumstances);
    },
    onDecisions(decisions: Decision[]) {
      inquiry.decided(decisions);
      for (const decision of decisions) {
        if (decision.kind === 'write') plays.set(decision.play.entryId, decision.play);
        if (decision.kind === 'show') shown = decision.shown.trackId;
        if (decision.kind === 'clear') shown = null;
        if (decision.kind !== 'write')
          isSure = decision.kind === 'show' && decision.shown.certainty === 'confirmed';
        if (decision.kind !== 'write') shows.push({ second, trackId: shown });
      }
    },
    onState({ phase }) {
      if (phase === 'waiting') inquiry.musicEnded();
    },
    onTrouble: (error) => troubles.push(error),
  });
  async function run(until: number): Promise<void> {
    for (; second < until; second += 0.25) {
      for (const { run } of due.splice(0).filter((each) => each.second <= second || !due.push(each))) run();
      const playing = tracks.find(({ from, to }) => second >= from && second < to);
      const startMs = second * 1000;
      const sound = playing ? (playing.isTalk ? 'talk' : 'music') : 'quiet';
      listener.hop({ startMs, endMs: startMs + 250, rms: playing ? 0.1 : 0, peak: 0, sound });
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
  }
  const written = () =>
    [...plays.values()].map(({ trackId, startMs }) => [trackId, Math.round(startMs / 1000)]);
  return { run, calls, written, shows, localMs, troubles };
}

const ms = ({ clip }: Call) => clip.endMs - clip.startMs;

describe('asking the services', () => {
  it('is not done for music that the index knows', async () => {
    const { run, calls, written } = evening([
      { id: 'a', from: 10, to: 190, knownTo: 'index' },
      { id: 'b', from: 193, to: 400, knownTo: 'index' },
    ]);
    await run(420);
    expect(calls).toEqual([]);
    expect(written()).toEqual([
      ['a', 10],
      ['b', 193],
    ]);
  });

  it('is not done for talk after the music, nor for talk before music that comes again', async () => {
    const { run, calls } = evening([
      { id: 'a', from: 10, to: 50, knownTo: 'index' },
      { id: 'talk', from: 51, to: 61, knownTo: 'nobody', isTalk: true },
      { id: 'b', from: 61, to: 90, knownTo: 'nobody' },
      { id: 'more talk', from: 90, to: 130, knownTo: 'nobody', isTalk: true },
    ]);
    await run(62);
    expect(calls).toEqual([]);
    await run(140);
    expect(calls).not.toEqual([]);
    // But for a moment of it, as the index is asked only now and then.
    for (const { clip } of calls) {
      expect(clip.startMs).toBeGreaterThanOrEqual(61_000 - 2000);
      expect(clip.endMs).toBeLessThanOrEqual(92_000);
    }
  });

  it.each([
    [null, 61, 70],
    [300, 61, 70],
    [null, 60, 76],
    [300, 60, 76],
  ])(
    'is not done for talk after a track that a service named (length: %s), which is over then',
    async (length, from, clearedBy) => {
      const { run, calls, shows, localMs } = evening([
        { id: 'a', from: 10, to: 60, knownTo: 'service', length },
        { id: 'talk', from, to: 161, knownTo: 'nobody', isTalk: true },
      ]);
      await run(104);
      expect(calls).toHaveLength(2);
      expect(localMs.filter((atMs) => atMs > 62_500).length).toBeLessThanOrEqual(2);
      const cleared = shows.filter(({ trackId, second }) => second > 30 && trackId === null);
      expect(cleared).toHaveLength(1);
      expect(cleared[0].second).toBeLessThan(clearedBy);
    },
  );

  it('takes two calls for a track whose length is told, each of at least 8 s that were not sent before', async () => {
    const { run, calls, written } = evening([
      { id: 'a', from: 10, to: 120, knownTo: 'service', length: 110 },
    ]);
    await run(140);
    expect(written()).toEqual([['a', 10]]);
    expect(calls).toHaveLength(2);
    expect(calls.every((call) => ms(call) >= 8000 && ms(call) <= 12_000)).toBe(true);
    expect(calls[1].clip.startMs).toBeGreaterThanOrEqual(calls[0].clip.endMs);
  });

  it('asks about a known track at most once a minute, or every other minute where its end is known', async () => {
    for (const [length, least] of [
      [null, 60_000],
      [600, 120_000],
    ] as const) {
      const { run, calls, written } = evening([{ id: 'a', from: 10, to: 610, knownTo: 'service', length }]);
      await run(605);
      expect(written()).toEqual([['a', 10]]);
      const pauses = calls.slice(1).map((call, i) => call.clip.endMs - calls[i].clip.endMs);
      expect(Math.min(...pauses.slice(1))).toBeGreaterThanOrEqual(least);
      expect(calls.length).toBeLessThanOrEqual(2 + 600_000 / least);
    }
  });

  it('writes each track of a record that only the service knows, once, with or without lengths', async () => {
    for (const told of [true, false]) {
      const tracks: Track[] = [];
      for (let i = 0, from = 10; i < 6; i += 1, from += 203) {
        tracks.push({
          id: `t${i}`,
          from,
          to: from + 200,
          knownTo: 'service',
          length: told ? 200 : null,
        });
      }
      const { run, calls, written } = evening(tracks);
      await run(1300);
      const found = written();
      expect(new Set(found.map(String)).size).toBe(found.length);
      for (const [trackId, start] of found) {
        const track = tracks.find(({ id }) => id === trackId);
        expect(Math.abs(Number(start) - (track?.from ?? Number.NaN))).toBeLessThanOrEqual(2);
      }
      expect(found.map(([trackId]) => trackId)).toEqual(tracks.map(({ id }) => id));
      expect(calls.length / tracks.length).toBeLessThanOrEqual(told ? 4 : 6);
    }
  });

  it('asks less and less about music that nobody knows', async () => {
    const { run, calls, written } = evening([{ id: 'x', from: 10, to: 1210, knownTo: 'nobody' }]);
    await run(1200);
    expect(written()).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(15);
  });

  it('goes on naming what the index knows while a service does not answer at all', async () => {
    const { run, calls, written, localMs } = evening(
      [
        { id: 'x', from: 10, to: 100, knownTo: 'nobody' },
        { id: 'a', from: 100, to: 300, knownTo: 'index' },
      ],
      { dead: true },
    );
    await run(320);
    expect(written()).toEqual([['a', 100]]);
    expect(calls).toHaveLength(1);
    // The index goes on being asked all the time.
    const pauses = localMs.slice(1).map((atMs, i) => atMs - localMs[i]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(12_500);
  });

  it('shows a track of the user 4 s after its start although the one before was named by a service', async () => {
    const { run, written, shows } = evening([
      { id: 's', from: 10, to: 130, knownTo: 'service', length: 120 },
      { id: 'a', from: 131, to: 300, knownTo: 'index' },
    ]);
    await run(320);
    expect(written()).toEqual([
      ['s', 10],
      ['a', 131],
    ]);
    expect(shows.find(({ trackId }) => trackId === 'a')?.second).toBeLessThan(137);
  });

  it('clears what a service named when it ends early and nobody knows what follows', async () => {
    const { run, shows } = evening([
      { id: 's', from: 10, to: 100, knownTo: 'service', length: 400 },
      { id: 'x', from: 100, to: 600, knownTo: 'nobody' },
    ]);
    await run(500);
    expect(shows.at(-1)?.trackId).toBeNull();
  });

  it.each([
    [300, 'pauses', 37],
    [null, 'pauses', 37],
    [300, 'is stopped with the deck', 30],
    [null, 'is stopped with the deck', 30],
    [300, 'pauses, without a place,', 37, false],
    [null, 'pauses, without a place,', 37, false],
  ])(
    'does not name a track of length %s anew, and hardly asks, when it %s in the middle',
    async (length, _what, step, placed = true) => {
      const tracks: Track[] = [];
      for (let i = 0, from = 10; from < 240; i += 1, from += 37) {
        tracks.push({ id: 'a', from, to: from + 30, at: i * step, knownTo: 'service', length, placed });
      }
      const { run, calls, written } = evening(tracks);
      await run(250);
      expect(written()).toEqual([['a', 10]]);
      const known = calls.slice(1).map(({ clip }) => clip.endMs);
      expect(known.length).toBeGreaterThan(1);
      for (const [i, atMs] of known.slice(1).entries())
        expect(atMs - known[i]).toBeGreaterThanOrEqual(60_000);
    },
  );

  it('goes on with a track of which a service tells too short a length, without a moment of doubt', async () => {
    const { run, calls, written, shows } = evening([
      { id: 'a', from: 10, to: 250, knownTo: 'service', length: 60 },
    ]);
    await run(249);
    expect(written()).toEqual([['a', 10]]);
    const first = shows.findIndex(({ trackId }) => trackId === 'a');
    expect(shows.slice(first).map(({ trackId }) => trackId)).not.toContain(null);
    expect(calls.length).toBeLessThanOrEqual(6);
  });

  it('clears a track of a service at its end when there was a gap and nobody knows what follows', async () => {
    const { run, shows } = evening([
      { id: 's', from: 10, to: 130, knownTo: 'service', length: 120 },
      { id: 'x', from: 132, to: 300, knownTo: 'nobody' },
    ]);
    await run(200);
    expect(shows.find(({ second, trackId }) => second > 130 && trackId === null)?.second).toBeLessThan(140);
  });

  it('asks less and less about music of which a person refused the name', async () => {
    const { run, calls, written } = evening(
      [{ id: 'a', from: 10, to: 610, knownTo: 'service', length: 600 }],
      {
        refused: 'a',
      },
    );
    await run(600);
    expect(written()).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(9);
  });

  it('asks about nothing that is over, also when the index takes long', async () => {
    for (let to = 100; to < 106; to += 0.5) {
      const tracks: Track[] = [{ id: 'a', from: 10, to, knownTo: 'service', length: 300 }];
      const { run, calls, written } = evening(tracks, { slowIndex: true });
      await run(to + 20);
      expect(written()).toEqual([['a', 10]]);
      expect(calls).toHaveLength(2);
    }
  });

  it('goes on when asking goes wrong, and tells it', async () => {
    const { run, calls, troubles } = evening([{ id: 'a', from: 10, to: 100, knownTo: 'service' }], {
      broken: true,
    });
    await run(100);
    expect(calls.length).toBeGreaterThan(1);
    expect(troubles).toHaveLength(calls.length);
  });

  it('asks nobody while nobody may be asked', async () => {
    const { run, calls } = evening([{ id: 'a', from: 10, to: 200, knownTo: 'service', length: 190 }], {
      mayAsk: () => false,
    });
    await run(200);
    expect(calls).toEqual([]);
  });
});

describe('a track that is sure, and a service that contradicts itself', () => {
  const track = (length: number | null): Track => ({
    id: 'a',
    from: 10,
    to: 610,
    knownTo: 'service',
    length,
  });
  /** Of the same track, in the minute in which there were most. */
  const mostInAMinute = (calls: readonly Call[]) => {
    const sure = calls.filter(({ isSure }) => isSure);
    return Math.max(
      0,
      ...sure.map(
        ({ clip: { endMs }, shown }) =>
          sure.filter(
            (call) => call.shown === shown && call.clip.endMs >= endMs && call.clip.endMs < endMs + 60_000,
          ).length,
      ),
    );
  };
  const names = (ids: readonly string[]) => (call: number) => ({ id: ids[(call - 1) % ids.length] });
  const other = (call: number) => ({ id: call <= 2 ? 'a' : 'b' });

  it.each([
    ['two names in turn', names(['a', 'a', 'b'])],
    ['another name each time', (call: number) => ({ id: call <= 2 ? 'a' : `b${call}`, laterBy: call })],
    ['the same other name for the same sound for ever', other],
  ])('is asked once a minute, and once more to be sure: %s', async (_, says) => {
    for (const length of [null, 600]) {
      const { run, calls, shows } = evening([track(length)], { says });
      await run(600);
      expect(mostInAMinute(calls)).toBeLessThanOrEqual(2);
      expect(calls.length).toBeLessThanOrEqual(2 + 15);
      expect(calls.length).toBeGreaterThanOrEqual(length === null ? 9 : 5);
      const first = shows.findIndex(({ trackId }) => trackId !== null);
      expect(shows.slice(first).filter(({ trackId }) => trackId === null)).toEqual([]);
    }
  });

  it('is asked at most twice a minute about a track that is sure, whatever it says', async () => {
    for (let seed = 1; seed <= 24; seed += 1) {
      const next = random(seed);
      const wrong = next() * 0.5;
      const { run, calls } = evening([track([null, 600, 200][seed % 3])], {
        says() {
          const luck = next();
          if (luck < wrong) return { id: luck < wrong / 2 ? 'b' : 'c', laterBy: luck < wrong / 4 ? 30 : 0 };
          return luck > 0.8 ? null : undefined;
        },
      });
      await run(605);
      expect([seed, mostInAMinute(calls) <= 2]).toEqual([seed, true]);
    }
  });

  it('stays on the display when a service says "no match" once, and is asked as seldom', async () => {
    for (const length of [null, 600]) {
      const { run, calls, shows, written } = evening([track(length)], {
        says: (call) => (call === 3 ? null : undefined),
      });
      await run(400);
      expect(written()).toEqual([['a', 10]]);
      const first = shows.findIndex(({ trackId }) => trackId === 'a');
      expect(shows.slice(first).map(({ trackId }) => trackId)).not.toContain(null);
      const [asked, again, ...later] = calls.slice(2).map(({ clip }) => clip.endMs);
      expect(again - asked).toBeLessThan(15_000);
      expect(later[0] - again).toBeGreaterThanOrEqual(60_000);
    }
  });

  it('leaves the display when a service says "no match" twice', async () => {
    const { run, calls, shows } = evening([track(null)], { says: (call) => (call > 2 ? null : undefined) });
    await run(200);
    const cleared = shows.find(({ second, trackId }) => second > 30 && trackId === null)?.second ?? 0;
    expect(cleared).toBeGreaterThan(calls[3].clip.endMs / 1000);
    expect(cleared).toBeLessThan(calls[3].clip.endMs / 1000 + 10);
  });

  it('is not asked about in the minute before its end, as it is then', async () => {
    for (let length = 70; length < 330; length += 13) {
      const { run, calls } = evening([{ id: 'a', from: 10, to: 10 + length, knownTo: 'service', length }], {
        says: (call) => (call === 3 ? { id: 'b' } : undefined),
      });
      await run(10 + length);
      const last = calls.filter(({ clip, isSure }) => isSure && clip.endMs > (length - 50) * 1000 + 8000);
      expect(last).toEqual([]);
    }
  });

  it.each([
    ['without lengths', null, true, 90],
    ['with lengths', 200, true, 20],
    ['with lengths, but no places', 200, false, 20],
  ])(
    'gives way to the next track of a record that goes on without a gap, %s',
    async (_what, length, placed, seconds) => {
      const next = { id: 'b', from: 210, to: 410, knownTo: 'service', length, placed } as const;
      const { run, written, shows } = evening([
        { id: 'a', from: 10, to: 210, knownTo: 'service', length, placed },
        next,
      ]);
      await run(210 + seconds);
      expect(written().map(([trackId]) => trackId)).toEqual(['a', 'b']);
      const shown = shows.find(({ trackId }) => trackId === 'b')?.second ?? Number.NaN;
      expect(shown - next.from).toBeLessThanOrEqual(seconds - 8);
    },
  );
});

describe('an answer of a service that comes late', () => {
  it.each([
    ['is used while the music goes on', () => undefined, 1],
    ['is void once the music has ended', (inquiry: Inquiry) => inquiry.musicEnded(), 0],
    [
      'is void once other music has begun',
      (inquiry: Inquiry) =>
        void inquiry.heard({ startMs: 20_000, endMs: 22_000 }, { kind: 'no_match' }, heardFor(2000)),
      0,
    ],
  ])('%s', async (_what, meanwhile, used) => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<Services['ask']>>>();
    const onAnswer = vi.fn();
    const inquiry = createInquiry({
      services: { mayAsk: () => true, ask: () => promise },
      sound: (clip) => ({ ...clip, pcm: new Float32Array(0) }),
      expectedEndMs: () => null,
      onAnswer,
      onTrouble(error) {
        throw error;
      },
    });
    const clip = { startMs: 0, endMs: 9000 };
    inquiry.heard(clip, { kind: 'no_match' }, heardFor(9000));
    meanwhile(inquiry);
    const match = { trackId: 'a', offsetSeconds: 0, speed: 1, durationSeconds: null };
    resolve({ answer: { kind: 'match', match }, by: 'audd', answers: [] });
    await promise;
    await Promise.resolve();
    expect(onAnswer).toHaveBeenCalledTimes(used);
  });
});
