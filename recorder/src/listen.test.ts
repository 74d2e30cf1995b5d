import { describe, expect, it } from 'vitest';
import { type Belief, type Clip, createBelief, type Decision } from './belief.ts';
import type { Sound } from './gate/gate.ts';
import { createListener, type Identification, type Listening } from './listen.ts';

type Script = {
  plays(second: number): number;
  /** Music where it plays, by default. */
  sounds?(second: number): Sound;
  answers(clip: Clip): Identification;
  belief?: Partial<Belief>;
};

/** A listener on a script: `plays(seconds)` is the RMS, `answers(clip)` what the provider says. */
function bench({ plays, sounds, answers, belief }: Script) {
  const asked: Clip[] = [];
  const askedLocally: Clip[] = [];
  const decisions: { second: number; decision: Decision }[] = [];
  const states: Listening[] = [];
  const troubles: unknown[] = [];
  let second = 0;
  const listener = createListener({
    belief: { ...createBelief({ newId: () => 'id', recalled: null }), ...belief },
    identify: async (clip, circumstances) => {
      asked.push(clip);
      if (circumstances.onlyLocal) askedLocally.push(clip);
      return answers(clip);
    },
    onDecisions: (some) => decisions.push(...some.map((decision) => ({ second, decision }))),
    onState: (state) => states.push(state),
    onTrouble: (error) => troubles.push(error),
  });
  async function run(until: number): Promise<void> {
    for (; second < until; second += 0.25) {
      const startMs = second * 1000;
      const rms = plays(second);
      const sound = sounds?.(second) ?? (rms > 0.0004 ? 'music' : 'quiet');
      listener.hop({ startMs, endMs: startMs + 250, rms, peak: rms, sound });
      await Promise.resolve();
      await Promise.resolve();
    }
  }
  return { listener, asked, askedLocally, decisions, states, troubles, run };
}

const noMatch = (): Identification => ({ kind: 'no_match' });
/** The track began at second `start`. */
const playing =
  (trackId: string, start: number, durationSeconds = 60) =>
  (clip: Clip): Identification => ({
    kind: 'match',
    match: { trackId, offsetSeconds: clip.startMs / 1000 - start, speed: 1, durationSeconds },
  });

describe('listening', () => {
  it('asks nobody while it is quiet', async () => {
    const { asked, run, listener } = bench({ plays: () => 0.0001, answers: noMatch });
    await run(120);
    expect(asked).toEqual([]);
    expect(listener.state()).toEqual({ phase: 'waiting', why: 'quiet' });
  });

  it.each([
    ['leaves the play', 200, 1],
    ['waits for the play', 10, 0],
  ])(
    '%s that an earlier process was killed in, by whether there is music soon',
    async (_what, from, left) => {
      let times = 0;
      const leaveRecalled = () => {
        times += 1;
        return [];
      };
      const { run } = bench({
        plays: (second) => (second > from ? 0.1 : 0.0001),
        answers: noMatch,
        belief: { leaveRecalled },
      });
      await run(15);
      expect(times).toBe(0);
      await run(300);
      expect(times).toBe(left);
    },
  );

  it('does not start a scan for a single click', async () => {
    const { asked, run } = bench({ plays: (second) => (second === 10 ? 0.5 : 0), answers: noMatch });
    await run(60);
    expect(asked).toEqual([]);
  });

  it('asks nobody while it is paused, and begins anew when told to go on', async () => {
    const { asked, decisions, run, listener } = bench({ plays: () => 0.1, answers: playing('a', 0) });
    await run(20);
    const before = asked.length;
    expect(before).toBeGreaterThan(1);
    listener.pause();
    expect(listener.state()).toEqual({ phase: 'paused' });
    expect(decisions.at(-1)?.decision.kind).toBe('clear');
    await run(60);
    expect(asked.length).toBe(before);
    listener.goOn();
    await run(70);
    expect(asked.length).toBeGreaterThan(before);
    listener.pause();
    listener.scanNow();
    expect(listener.state().phase).toBe('waiting');
  });

  it.each([
    ['music', 30],
    ['talk', 120],
  ] as const)('goes on when asking about %s goes wrong, and tells it', async (sound, seconds) => {
    let isBroken = true;
    const { asked, troubles, decisions, run } = bench({
      plays: () => 0.1,
      sounds: () => sound,
      answers(clip) {
        if (isBroken) throw new Error('disk I/O error');
        return playing('a', 0)(clip);
      },
    });
    await run(seconds);
    expect(troubles).toHaveLength(asked.length);
    expect(troubles.length).toBeGreaterThan(0);
    const nothingTold = bench({
      plays: () => 0.1,
      sounds: () => sound,
      answers: () => ({ kind: 'cannot_tell' }),
    });
    await nothingTold.run(seconds);
    expect(troubles).toHaveLength(nothingTold.asked.length);
    isBroken = false;
    await run(2 * seconds);
    expect(decisions.some(({ decision }) => decision.kind !== 'clear')).toBe(true);
  });

  it('goes on when what it decided cannot be carried out, and tells it', async () => {
    const troubles: unknown[] = [];
    const asked: Clip[] = [];
    const listener = createListener({
      belief: createBelief({ newId: () => 'id', recalled: null }),
      identify: async (clip) => {
        asked.push(clip);
        return playing('a', 0)(clip);
      },
      onDecisions() {
        throw new Error('disk I/O error');
      },
      onState: () => undefined,
      onTrouble: (error) => troubles.push(error),
    });
    for (let startMs = 0; startMs < 40_000; startMs += 250) {
      const rms = startMs < 30_000 ? 0.1 : 0;
      listener.hop({ startMs, endMs: startMs + 250, rms, peak: rms, sound: rms > 0 ? 'music' : 'quiet' });
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
    expect(troubles.length).toBeGreaterThan(2);
    expect(asked.length).toBeGreaterThan(5);
    expect(listener.state().phase).toBe('waiting');
  });

  it('asks with a growing clip from the onset of the music', async () => {
    const { asked, run } = bench({ plays: (second) => (second >= 10 ? 0.1 : 0), answers: noMatch });
    await run(24);
    const inMusic = asked.map(({ endMs }) => endMs / 1000 - 10);
    expect(inMusic).toEqual([1.5, 2, 2.5, 3, 3.5, 4, 5, 8, 12]);
    expect(asked[0]).toEqual({ startMs: 9500, endMs: 11_500 });
    expect(asked.slice(1).map(({ startMs }) => startMs)).toEqual(Array(8).fill(10_000));
  });

  it.each(['noise', 'hum', 'talk', 'unsure'] as const)(
    'asks nobody for half a minute of %s, and says so',
    async (sound) => {
      const { asked, run, listener } = bench({ plays: () => 0.01, sounds: () => sound, answers: noMatch });
      await run(30);
      expect(asked).toEqual([]);
      expect(listener.state()).toEqual({ phase: 'waiting', why: sound });
    },
  );

  it('looks for a spoken record in the local index alone, once a minute', async () => {
    const { asked, askedLocally, run } = bench({ plays: () => 0.01, sounds: () => 'talk', answers: noMatch });
    await run(180);
    expect(asked.map((clip) => Math.round(clip.endMs / 1000))).toEqual([45, 105, 165]);
    expect(askedLocally).toEqual(asked);
  });

  it('goes on with a spoken record that the local index knows', async () => {
    const { decisions, run } = bench({ plays: () => 0.01, sounds: () => 'talk', answers: playing('a', 5) });
    await run(55);
    expect(decisions.some(({ decision }) => decision.kind === 'write')).toBe(true);
  });

  /** Music until second 30, and talk as loud for half a minute. */
  const musicThenTalk = (second: number): Sound => (second >= 30 && second < 60 ? 'talk' : 'music');

  it('asks twice about talk after a track, whether it is a part of it, and clears the display within 10 s', async () => {
    const { asked, decisions, listener, run } = bench({
      plays: () => 0.1,
      sounds: musicThenTalk,
      answers: (clip) => (clip.endMs < 32_000 ? playing('a', 0)(clip) : noMatch()),
    });
    await run(60);
    const afterwards = asked.filter(({ endMs }) => endMs > 32_000);
    expect(afterwards).toHaveLength(2);
    const cleared = decisions.find(({ decision }) => decision.kind === 'clear');
    expect(cleared?.second).toBeLessThan(40);
    expect(listener.state()).toEqual({ phase: 'waiting', why: 'talk' });
  });

  it('asks once about talk that follows after a gap', async () => {
    const { asked, decisions, run } = bench({
      plays: (second) => (second >= 30 && second < 31 ? 0.001 : 0.1),
      sounds: musicThenTalk,
      answers: (clip) => (clip.endMs < 32_000 ? playing('a', 0)(clip) : noMatch()),
    });
    await run(60);
    expect(asked.filter(({ endMs }) => endMs > 32_000)).toHaveLength(1);
    expect(decisions.find(({ decision }) => decision.kind === 'clear')?.second).toBeLessThan(37);
  });

  it('asks nobody about talk after unknown music, and about the music after it at once', async () => {
    for (const until of [38, 60]) {
      const { asked, listener, run } = bench({
        plays: () => 0.1,
        sounds: (second) => (second >= 30 && second < until ? 'talk' : 'music'),
        answers: noMatch,
      });
      await run(until);
      expect(asked.filter(({ endMs }) => endMs >= 32_000)).toEqual([]);
      expect(listener.state().phase).toBe(until === 38 ? 'resting' : 'waiting');
      await run(until + 5);
      const seconds = asked.map(({ endMs }) => endMs / 1000 - until).filter((second) => second > 0);
      expect(seconds[0]).toBeLessThanOrEqual(2);
      expect(seconds.length).toBeGreaterThanOrEqual(5);
    }
  });

  it('asks about the talk after music, too, when a person wants it', async () => {
    const { asked, listener, run } = bench({ plays: () => 0.1, sounds: musicThenTalk, answers: noMatch });
    await run(40);
    const before = asked.length;
    listener.scanNow();
    await run(41);
    expect(asked.length).toBeGreaterThan(before);
    expect(listener.state().phase).not.toBe('waiting');
  });

  it('goes on with a track that sounds like talk for long, as the index knows it', async () => {
    const { asked, decisions, run } = bench({
      plays: () => 0.1,
      sounds: musicThenTalk,
      answers: (clip) => ({
        kind: 'match',
        match: { trackId: 'a', offsetSeconds: clip.startMs / 1000, speed: 1, durationSeconds: 300 },
      }),
    });
    await run(70);
    expect(decisions.some(({ decision }) => decision.kind === 'clear')).toBe(false);
    expect(asked.filter(({ endMs }) => endMs > 30_000 && endMs < 60_000).length).toBeGreaterThanOrEqual(6);
  });

  it('does not ask about the talk in short pauses of it either', async () => {
    const { asked, run } = bench({
      plays: (second) => (second < 30 || second % 2 > 0.3 ? 0.1 : 0.01),
      sounds: (second) => (second < 30 ? 'music' : second % 2 > 0.3 ? 'talk' : 'noise'),
      answers: noMatch,
    });
    await run(44);
    expect(asked.filter(({ endMs }) => endMs >= 32_000)).toEqual([]);
  });

  it('asks about talk when a person wants it', async () => {
    const { asked, run, listener } = bench({ plays: () => 0.01, sounds: () => 'talk', answers: noMatch });
    await run(10);
    listener.scanNow();
    await run(12);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('knows the needle to be up though the music began as softly as the groove', async () => {
    const level = (second: number) => (second >= 25 && second < 32 ? 0.0126 : 0.0018);
    const { decisions, run } = bench({
      plays: (second) => (second < 10 ? 0.0001 : level(second)),
      sounds: (second) => (second < 10 ? 'quiet' : second < 32 ? 'music' : 'noise'),
      answers: playing('a', 10),
    });
    await run(40);
    const cleared = decisions.filter(({ decision }) => decision.kind === 'clear').map(({ second }) => second);
    expect(cleared).toEqual([35.25]);
  });

  it('finds the onset of music in groove noise by its level', async () => {
    const { asked, run } = bench({
      plays: (second) => (second >= 9 ? 0.05 : 0.001),
      sounds: (second) => (second >= 10 ? 'music' : 'noise'),
      answers: noMatch,
    });
    await run(12);
    expect(asked[1]).toEqual({ startMs: 9000, endMs: 11_000 });
  });

  it('clears the display within 10 s when groove noise goes on after the music', async () => {
    const { decisions, run, listener } = bench({
      plays: (second) => (second < 40 ? 0.1 : 0.003),
      sounds: (second) => (second < 42 ? 'music' : 'noise'),
      answers: (clip) => (clip.endMs < 42_000 ? playing('a', 0)(clip) : noMatch()),
    });
    await run(60);
    const clear = decisions.find(({ decision }) => decision.kind === 'clear');
    expect(clear?.second).toBeLessThan(50);
    expect(listener.state()).toEqual({ phase: 'waiting', why: 'noise' });
  });

  it('goes on with a track through a passage without notes that is as loud', async () => {
    const { decisions, run } = bench({
      plays: () => 0.1,
      sounds: (second) => (second > 20 && second < 35 ? 'noise' : 'music'),
      answers: playing('a', 0),
    });
    await run(50);
    expect(decisions.some(({ decision }) => decision.kind === 'clear')).toBe(false);
  });

  it('goes on with unknown music through a loud passage without notes, yet not for ever', async () => {
    const { listener, run } = bench({
      plays: (second) => (second < 5 ? 0.005 : 0.15),
      sounds: (second) => (second >= 5 && second < 20 ? 'music' : 'noise'),
      answers: noMatch,
    });
    await run(40);
    expect(['scanning', 'resting']).toContain(listener.state().phase);
    await run(60);
    expect(listener.state().phase).toBe('waiting');
  });

  it('knows when the music began and when it came back after a gap', async () => {
    const isGap = (second: number) => second < 2 || (second >= 30 && second < 32) || second >= 60;
    const { listener, run } = bench({ plays: (second) => (isGap(second) ? 0.0001 : 0.1), answers: noMatch });
    expect(listener.begins()).toBeNull();
    await run(20);
    expect(listener.begins()).toEqual([2000]);
    await run(50);
    expect(listener.begins()).toEqual([2000, 32_000]);
    await run(70);
    expect(listener.begins()).toBeNull();
  });

  it('asks for the next track from its first note, where the gap is not where it was expected', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second >= 55 && second < 57 ? 0.001 : 0.1),
      sounds: (second) => (second >= 55 && second < 57 ? 'noise' : 'music'),
      answers: (clip) => (clip.endMs <= 57_000 ? playing('a', 0)(clip) : playing('b', 57)(clip)),
    });
    await run(70);
    const next = decisions.find(({ decision }) => decision.kind === 'show' && decision.shown.trackId === 'b');
    expect(next?.second).toBeLessThan(61);
  });

  it('looks for a track that begins with the sea in the local index alone, and goes on with it', async () => {
    const { asked, askedLocally, decisions, run } = bench({
      plays: (second) => (second >= 10 ? 0.02 : 0.001),
      sounds: (second) => (second < 12 ? 'noise' : second < 30 ? 'swelling' : 'music'),
      answers: playing('a', 10),
    });
    await run(30);
    expect(asked[0]).toEqual({ startMs: 10_250, endMs: 12_250 });
    expect(askedLocally).toEqual([asked[0]]);
    expect(decisions.some(({ decision }) => decision.kind === 'write')).toBe(true);
  });

  it('asks seldom about a sea that nobody knows', async () => {
    const { asked, askedLocally, run } = bench({
      plays: (second) => (second >= 10 ? 0.02 : 0.001),
      sounds: (second) => (second < 10 ? 'noise' : 'swelling'),
      answers: noMatch,
    });
    await run(40);
    expect(askedLocally).toEqual(asked);
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  const drone = (second: number) => (second < 60 ? 0.1 : second < 64 ? 0.001 : 0.03);

  it('shows the next track within 4 s though it begins with a drone that is no music by itself', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second < 5 ? 0.001 : drone(second)),
      sounds: (second) => (second >= 5 && second < 60 ? 'music' : 'noise'),
      answers: (clip) => (clip.startMs < 62_000 ? playing('a', 2)(clip) : playing('b', 64)(clip)),
    });
    await run(75);
    const next = decisions.find(({ decision }) => decision.kind === 'show' && decision.shown.trackId === 'b');
    expect(next?.second).toBeLessThan(68);
  });

  it('asks nobody about such a drone where no track has just ended, nor about the groove after one', async () => {
    const { asked, run } = bench({
      plays: (second) => (second < 60 ? 0.001 : drone(second)),
      sounds: () => 'noise',
      answers: noMatch,
    });
    await run(90);
    expect(asked).toEqual([]);
    const runOut = bench({
      plays: (second) => (second < 5 || second >= 60 ? 0.001 : 0.1),
      sounds: (second) => (second >= 5 && second < 60 ? 'music' : 'noise'),
      answers: (clip) => (clip.endMs < 62_000 ? playing('a', 2)(clip) : noMatch()),
    });
    await runOut.run(64);
    const before = runOut.asked.length;
    await runOut.run(100);
    expect(runOut.asked.length).toBe(before);
  });

  it('has a play written within seconds of the first note, with the right start', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second >= 10 ? 0.1 : 0),
      answers: playing('a', 10),
    });
    await run(20);
    const first = decisions[0];
    expect(first.decision.kind).toBe('show');
    expect(first.second).toBeLessThan(14);
    const write = decisions.find(({ decision }) => decision.kind === 'write');
    expect(write?.second).toBeLessThan(18);
    expect(write?.decision).toMatchObject({ play: { startMs: 10_000 } });
  });

  it('clears the display within 10 s when the music stops', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second >= 10 && second < 40 ? 0.1 : 0),
      answers: playing('a', 10),
    });
    await run(60);
    const clear = decisions.find(({ decision }) => decision.kind === 'clear');
    expect(clear?.second).toBeLessThan(50);
  });

  it.each([
    ['is the next track', 'b'],
    ['is talk in the room', null],
  ] as const)('asks what sounds like talk after the end of a track, when it %s', async (_what, next) => {
    // A track of 30 s that fades, groove, then drums or a voice, of which the first second might be music.
    const { asked, decisions, run } = bench({
      plays: (second) => (second < 10 ? 0 : second >= 38.5 && second < 42.25 ? 0.002 : 0.1),
      sounds(second) {
        if (second < 10) return 'quiet';
        if (second >= 38.5 && second < 42.25) return 'noise';
        return second < 43.25 ? 'music' : 'talk';
      },
      answers(clip) {
        if (clip.startMs < 36_000) return playing('a', 10, 30)(clip);
        return next && clip.endMs >= 44_200 ? playing(next, 42.25)(clip) : noMatch();
      },
    });
    await run(80);
    const shownAt = decisions.find(
      ({ decision }) => decision.kind === 'show' && decision.shown.trackId === 'b',
    )?.second;
    const since = asked.filter(({ endMs }) => endMs > 42_250);
    if (next) expect(shownAt).toBeLessThan(46.25);
    else expect([shownAt, since.length]).toEqual([undefined, 4]);
  });

  it('clears the display as soon when soft talk follows the music, though loud talk might be drums', async () => {
    const cleared = async (talkRms: number) => {
      const { decisions, run } = bench({
        plays: (second) => (second < 10 ? 0 : second < 40 ? 0.1 : talkRms),
        sounds: (second) => (second < 10 ? 'quiet' : second < 40 ? 'music' : 'talk'),
        answers: (clip) => (clip.startMs < 38_000 ? playing('a', 10)(clip) : { kind: 'cannot_tell' }),
      });
      await run(60);
      return decisions.find(({ decision }) => decision.kind === 'clear')?.second;
    };
    expect(await cleared(0.01)).toBeLessThan(45);
    expect(await cleared(0.1)).toBeGreaterThan(50);
  });

  it('tells when the music began and the last twenty times that it came back', async () => {
    const { listener, run } = bench({
      plays: (second) => (second < 10 ? 0 : second % 10 < 1 ? 0.001 : 0.1),
      sounds: (second) => (second < 10 ? 'quiet' : 'music'),
      answers: noMatch,
    });
    await run(40);
    expect(listener.begins()).toEqual([10_000, 21_000, 31_000]);
    await run(315);
    const last = Array.from({ length: 20 }, (_, i) => 121_000 + i * 10_000);
    expect(listener.begins()).toEqual([10_000, ...last]);
  });

  it('clears the display within 10 s when other sound goes on after the music', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second >= 10 ? 0.1 : 0),
      answers: (clip) => (clip.endMs - 40_000 < 2500 ? playing('a', 10)(clip) : noMatch()),
    });
    await run(60);
    const clear = decisions.find(({ decision }) => decision.kind === 'clear');
    expect(clear?.second).toBeLessThan(51);
  });

  it('shows the next track of a record within 4 s of its start', async () => {
    const { decisions, run } = bench({
      plays: (second) => (second >= 10 ? 0.1 : 0),
      answers: (clip) => (clip.startMs < 69_900 ? playing('a', 10)(clip) : playing('b', 70)(clip)),
    });
    await run(90);
    const next = decisions.find(({ decision }) => decision.kind === 'show' && decision.shown.trackId === 'b');
    expect(next?.second).toBeGreaterThan(70);
    expect(next?.second).toBeLessThan(74);
  });

  it('draws no conclusion when nobody can tell', async () => {
    const { decisions, asked, run } = bench({ plays: () => 0.1, answers: () => ({ kind: 'cannot_tell' }) });
    await run(60);
    expect(decisions).toEqual([]);
    expect(asked.length).toBeGreaterThan(5);
  });

  it('asks at once when told to', async () => {
    const { asked, run, listener } = bench({ plays: () => 0.1, answers: noMatch });
    await run(60);
    const before = asked.length;
    listener.scanNow();
    await run(60.5);
    expect(asked.length).toBe(before + 1);
  });

  it('voids the answer to a question that was asked before the input changed', async () => {
    let answer: (result: Identification) => void = () => undefined;
    const decisions: Decision[] = [];
    const listener = createListener({
      belief: createBelief({ newId: () => 'id', recalled: null }),
      identify: () => new Promise((resolve) => (answer = resolve)),
      onDecisions: (some) => decisions.push(...some),
      onState: () => undefined,
      onTrouble(error) {
        throw error;
      },
    });
    for (let ms = 0; ms < 5000; ms += 250)
      listener.hop({ startMs: ms, endMs: ms + 250, rms: 0.1, peak: 0.1, sound: 'music' });
    listener.stop(5000);
    answer(playing('a', 0)({ startMs: 0, endMs: 3000 }));
    await Promise.resolve();
    expect(decisions).toEqual([]);
  });

  it('takes an answer that comes late for its clip, while the music that it is about goes on', async () => {
    const { listener, decisions, run } = bench({
      plays: (second) => (second < 30 ? 0.1 : 0),
      answers: () => ({ kind: 'cannot_tell' }),
    });
    await run(20);
    const early = { startMs: 1000, endMs: 9000 };
    listener.answer(early, playing('a', 0)(early));
    listener.answer({ startMs: 10_000, endMs: 19_000 }, playing('a', 0)({ startMs: 10_000, endMs: 19_000 }));
    expect(decisions.map(({ decision }) => decision.kind)).toEqual(['show', 'write', 'show']);
    await run(40);
    expect(listener.state()).toEqual({ phase: 'waiting', why: 'quiet' });
    const before = decisions.length;
    listener.answer({ startMs: 20_000, endMs: 29_000 }, playing('b', 20)({ startMs: 20_000, endMs: 29_000 }));
    expect(decisions.length).toBe(before);
  });
});
