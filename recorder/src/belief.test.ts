import { describe, expect, it } from 'vitest';
import { type ClipMatch, createBelief, type Decision } from './belief.ts';

function bench() {
  let ids = 0;
  return createBelief({ newId: () => `entry-${++ids}`, recalled: null });
}

const track = (trackId: string, offsetSeconds: number, more: Partial<ClipMatch> = {}): ClipMatch => ({
  trackId,
  offsetSeconds,
  speed: 1,
  durationSeconds: 200,
  ...more,
});
/** A clip of `seconds` that ends at second `end`. */
const clip = (end: number, seconds = 5) => ({ startMs: (end - seconds) * 1000, endMs: end * 1000 });
const kinds = (decisions: Decision[]) => decisions.map((decision) => decision.kind);
const written = (decisions: Decision[]) => decisions.flatMap((d) => (d.kind === 'write' ? [d.play] : []));

describe('belief', () => {
  it('shows a single answer as tentative and writes nothing', () => {
    const belief = bench();
    const decisions = belief.answer(clip(105), track('a', 0));
    expect(decisions).toMatchObject([
      { kind: 'show', shown: { certainty: 'tentative', startMs: 100_000, entryId: null } },
    ]);
    expect(belief.state()).toBe('tentative');
  });

  it('writes one play when two answers agree in name and time', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    const decisions = belief.answer(clip(108), track('a', 3.1));
    expect(kinds(decisions)).toEqual(['write', 'show']);
    expect(written(decisions)[0]).toMatchObject({ entryId: 'entry-1', trackId: 'a', revision: 1 });
    expect(written(decisions)[0].startMs).toBeCloseTo(99_950, -1);
    expect(written(belief.answer(clip(113), track('a', 8)))).toEqual([]);
  });

  it('does not take the same sound heard twice for two opinions', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    expect(written(belief.answer(clip(105.5, 5.5), track('a', 0)))).toEqual([]);
  });

  it('does not write when two answers agree in name but not in time', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    expect(written(belief.answer(clip(109), track('a', 60)))).toEqual([]);
    expect(belief.state()).toBe('tentative');
  });

  it('does not take measured places a second apart for agreement, but told ones', () => {
    for (const offsetToleranceMs of [0, 1]) {
      const belief = bench();
      belief.answer(clip(105), { ...track('a', 0), offsetToleranceMs });
      const decisions = belief.answer(clip(108), { ...track('a', 4), offsetToleranceMs });
      expect(written(decisions)).toHaveLength(offsetToleranceMs);
    }
  });

  it('gives what plays in place of a refused play an entry of its own', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    const [{ entryId }] = written(belief.answer(clip(108), track('a', 3)));
    belief.refuse(entryId);
    belief.silence(110_000);
    belief.answer(clip(112), track('a-live', 7));
    const [play] = written(belief.answer(clip(115), track('a-live', 10)));
    expect(play).toMatchObject({ trackId: 'a-live', revision: 1 });
    expect(play.entryId).not.toBe(entryId);
  });

  it('does not lose the first answer to what nobody knew before it', () => {
    const belief = bench();
    for (const second of [105, 106, 107]) belief.answer(clip(second), null);
    belief.answer(clip(108), track('a', 3));
    expect(belief.answer(clip(110), null)).toEqual([]);
    expect(belief.state()).toBe('tentative');
  });

  it('does not correct a play that has places by two answers without', () => {
    const belief = bench();
    for (const second of [105, 108, 111]) belief.answer(clip(second), track('a', second - 105));
    const unplaced = { ...track('b', 0), offsetToleranceMs: Number.POSITIVE_INFINITY };
    const decisions = [114, 120].flatMap((second) => belief.answer(clip(second), unplaced));
    expect(written(decisions)).toEqual([]);
  });

  it('takes another placement in a repeating track for agreement', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    expect(written(belief.answer(clip(109), track('a', 60, { placements: [4] })))).toHaveLength(1);
  });

  it('lets one wrong answer in the middle of a track change nothing', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    expect(belief.answer(clip(113), track('wrong', 40))).toEqual([]);
    expect(kinds(belief.answer(clip(117), track('a', 12)))).toEqual(['show']);
    expect(belief.state()).toBe('confirmed');
  });

  it('writes two entries for a track that plays twice', () => {
    const belief = bench();
    const first = [...belief.answer(clip(105), track('a', 0)), ...belief.answer(clip(109), track('a', 4))];
    belief.answer(clip(295), track('a', 190));
    const second = [...belief.answer(clip(308), track('a', 1)), ...belief.answer(clip(312), track('a', 5))];
    expect(written(first).map((p) => p.entryId)).toEqual(['entry-1']);
    expect(written(second).map((p) => [p.entryId, p.revision])).toEqual([
      ['entry-1', 2],
      ['entry-2', 1],
    ]);
    expect(written(second)[0].endMs).toBe(300_000);
  });

  it('writes two entries when the needle is set back to the start', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    belief.answer(clip(160), track('a', 55));
    belief.answer(clip(168), track('a', 1));
    expect(written(belief.answer(clip(172), track('a', 5))).map((p) => p.entryId)).toEqual([
      'entry-1',
      'entry-2',
    ]);
  });

  it('keeps one entry when the needle jumps forward inside the track', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    belief.answer(clip(120), track('a', 100));
    const moved = belief.answer(clip(124), track('a', 104));
    expect(written(moved)).toEqual([]);
    expect(moved).toMatchObject([{ kind: 'show', shown: { entryId: 'entry-1', startMs: 15_000 } }]);
  });

  it('clears after three misses and goes on with the same entry when the track is heard again', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    expect([113, 115].map((end) => belief.answer(clip(end), null))).toEqual([[], []]);
    expect(kinds(belief.answer(clip(117), null))).toEqual(['write', 'clear']);
    const again = belief.answer(clip(130), track('a', 25));
    expect(kinds(again)).toEqual(['show', 'write']);
    expect(written(again)[0]).toMatchObject({ entryId: 'entry-1', endMs: null });
  });

  it('ends the play where the silence began', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    const decisions = belief.silence(150_000);
    expect(kinds(decisions)).toEqual(['write', 'clear']);
    expect(written(decisions)[0].endMs).toBe(150_000);
    expect(belief.silence(151_000)).toEqual([]);
  });

  it('shows the next track of a record at once when the last one is over', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    const next = belief.answer(clip(303.5, 3), track('b', 0.2));
    expect(next).toMatchObject([{ kind: 'show', shown: { certainty: 'tentative', trackId: 'b' } }]);
  });

  it('goes on with the recalled play after a restart of the process', () => {
    const before = bench();
    before.answer(clip(105), track('a', 0));
    const [play] = written(before.answer(clip(109), track('a', 4)));
    const after = createBelief({ newId: () => 'new', recalled: play });
    expect(written(after.answer(clip(125), track('a', 20)))).toMatchObject([{ entryId: 'entry-1' }]);
  });

  describe('the speed of the deck', () => {
    /** Answers every 3.5 s on a deck of `speed`, whose needle was set down at `needle` seconds; the first two are of short clips. */
    function answers({
      needle,
      first,
      speed,
    }: {
      needle: number;
      first: number;
      speed: (at: number) => number;
    }) {
      const belief = bench();
      const decisions: Decision[] = [];
      let at = needle;
      const offsets = new Map<number, number>();
      for (let second = 100; second <= 250; second += 0.5) {
        offsets.set(second, at);
        at += 0.5 * speed(second);
      }
      const ask = (end: number, seconds: number, measured: number) =>
        decisions.push(
          ...belief.answer(
            clip(end, seconds),
            track('a', offsets.get(end - seconds) ?? 0, { speed: measured, durationSeconds: 420 }),
          ),
        );
      ask(102, 2, first);
      ask(103.5, 3.5, first);
      for (let end = 108; end <= 250; end += 3.5) ask(end, 5, speed(end));
      const shown = decisions.flatMap((each) => (each.kind === 'show' ? [each.shown] : [])).at(-1);
      if (!shown) throw new Error('nothing was shown');
      const endMs = belief.expectedEndMs() ?? 0;
      return { shown, endMs, at: offsets.get(250) ?? 0, ended: written(belief.silence(251_000)) };
    }

    it.each([0, 200])('gets as good as the answers, with the end and the place, from %s s on', (needle) => {
      const { shown, endMs, at, ended } = answers({ needle, first: 1.0215, speed: () => 1.018 });
      expect(shown.speed).toBeCloseTo(1.018, 4);
      expect(((250_000 - shown.startMs) / 1000) * shown.speed).toBeCloseTo(at, 1);
      expect(endMs / 1000).toBeCloseTo(100 + (420 - needle) / 1.018, 1);
      expect(ended[0].speed).toBeCloseTo(1.018, 4);
    });

    it('follows a hand on the pitch', () => {
      const { shown, at, ended } = answers({
        needle: 0,
        first: 1,
        speed: (second) => 1 + Math.min(0.02, Math.max(0, second - 150) / 1000),
      });
      expect(shown.speed).toBeCloseTo(1.02, 3);
      expect(((250_000 - shown.startMs) / 1000) * shown.speed).toBeCloseTo(at, 1);
      expect(ended).toHaveLength(1);
      expect(ended[0].startMs).toBeCloseTo(100_000, -2);
    });

    it('is not led away by a loop that sounds the same a moment later', () => {
      const belief = bench();
      for (let end = 105; end < 280; end += 3.5) {
        const at = end - 5 - 100;
        belief.answer(clip(end), track('a', at + 0.5, { placements: [at, at - 0.5] }));
      }
      expect(Math.abs((belief.expectedEndMs() ?? 0) - 299_500)).toBeLessThan(50);
    });
  });

  describe('a play that an earlier process was killed in', () => {
    const killed = (durationSeconds: number | null) => {
      const before = bench();
      before.answer(clip(105), track('a', 0, { durationSeconds }));
      const [play] = written(before.answer(clip(109), track('a', 4, { durationSeconds })));
      return createBelief({ newId: () => 'new', recalled: { ...play, lastHeardMs: 130_000 } });
    };
    const end = { entryId: 'entry-1', revision: 2, endMs: 130_000 };

    it('has ended where it was last heard, when another begins', () => {
      for (const durationSeconds of [200, null]) {
        const belief = killed(durationSeconds);
        expect(written(belief.answer(clip(200), track('b', 10)))).toEqual([]);
        expect(written(belief.answer(clip(204), track('b', 14)))).toMatchObject([end, { entryId: 'new' }]);
      }
    });

    it('has ended when the music does, or when it does not come back, and is told once', () => {
      const belief = killed(200);
      expect(belief.leaveRecalled()).toMatchObject([{ kind: 'write', play: end }]);
      expect([...belief.leaveRecalled(), ...belief.silence(300_000)]).toEqual([]);
      expect(killed(200).silence(300_000)).toMatchObject([{ kind: 'write', play: end }]);
    });

    it('goes on after its end was written, if it comes back', () => {
      const belief = killed(200);
      belief.leaveRecalled();
      const [play] = written(belief.answer(clip(175), track('a', 70)));
      expect(play).toMatchObject({ entryId: 'entry-1', revision: 3, endMs: null });
      expect(belief.leaveRecalled()).toEqual([]);
    });

    it('is not written again when a person has said that it was wrong', () => {
      const belief = killed(200);
      belief.refuse('entry-1');
      belief.refuse('another');
      expect([...belief.silence(140_000), ...belief.leaveRecalled()]).toEqual([]);
    });
  });

  it('corrects the entry when another version of the song turns out to be the one', () => {
    const belief = bench();
    belief.answer(clip(105), track('live', 0));
    belief.answer(clip(109), track('live', 4));
    expect(belief.answer(clip(113), track('studio', 8))).toEqual([]);
    expect(written(belief.answer(clip(117), track('studio', 12)))).toEqual([]);
    const corrected = belief.answer(clip(121), track('studio', 16));
    expect(written(corrected)).toMatchObject([{ entryId: 'entry-1', trackId: 'studio', revision: 2 }]);
  });

  it('corrects the entry also when the wrong name was no longer heard, as no two tracks begin at once', () => {
    const belief = bench();
    belief.answer(clip(105), track('live', 0));
    belief.answer(clip(109), track('live', 4));
    for (const end of [113, 115, 117]) belief.answer(clip(end), null);
    expect(belief.answer(clip(121), track('studio', 16))).toMatchObject([
      { kind: 'show', shown: { certainty: 'tentative' } },
    ]);
    expect(written(belief.answer(clip(125), track('studio', 20)))).toMatchObject([
      { entryId: 'entry-1', trackId: 'studio', startMs: 100_000, endMs: null },
    ]);
    expect(belief.state()).toBe('confirmed');
  });

  it('takes whole seconds as a service tells them for agreement, and the finer start of two', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 1, { offsetToleranceMs: 1000 }));
    const [play] = written(belief.answer(clip(112), track('a', 6.2)));
    expect(play).toMatchObject({ trackId: 'a', startMs: 100_800 });
  });

  it('believes a track without a place in time once sound far enough apart names it, since the music began', () => {
    const belief = bench();
    const nowhere = track('a', 0, { offsetToleranceMs: Number.POSITIVE_INFINITY, durationSeconds: null });
    expect(written(belief.answer(clip(110), nowhere, 98_000))).toEqual([]);
    expect(written(belief.answer(clip(113), nowhere, 98_000))).toEqual([]);
    expect(written(belief.answer(clip(121), nowhere, 98_000))).toMatchObject([
      { trackId: 'a', startMs: 98_000 },
    ]);
    expect(written(belief.answer(clip(150), nowhere, 98_000))).toEqual([]);
  });

  it('begins the next track without a place in time where the last one was heard last', () => {
    const belief = bench();
    const named = (id: string) =>
      track(id, 0, { offsetToleranceMs: Number.POSITIVE_INFINITY, durationSeconds: null });
    for (const end of [110, 122, 134]) belief.answer(clip(end), named('a'), 98_000);
    for (const end of [146, 158]) expect(written(belief.answer(clip(end), named('b'), 98_000))).toEqual([]);
    expect(written(belief.answer(clip(170), named('b'), 98_000)).map((p) => [p.trackId, p.startMs])).toEqual([
      ['a', 98_000],
      ['b', 134_000],
    ]);
  });

  it('asks for three answers against a play that was sure and is not over', () => {
    const belief = bench();
    for (const [end, offset] of [
      [105, 0],
      [109, 4],
      [113, 8],
    ])
      belief.answer(clip(end), track('a', offset));
    belief.answer(clip(117), track('b', 30));
    expect(written(belief.answer(clip(119), track('b', 32)))).toEqual([]);
    expect(written(belief.answer(clip(121), track('b', 34))).map((p) => p.trackId)).toEqual(['a', 'b']);
  });

  it('counts votes for a track across a wrong answer in between', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('wrong', 50));
    expect(written(belief.answer(clip(113), track('a', 8)))).toMatchObject([{ trackId: 'a' }]);
  });

  it('goes on with one answer when a deck that stood still turns again', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    belief.silence(150_000);
    const again = belief.answer(clip(196), track('a', 62), 180_000);
    expect(again).toMatchObject([
      { kind: 'show', shown: { certainty: 'confirmed', entryId: 'entry-1', startMs: 129_000 } },
      { kind: 'write', play: { entryId: 'entry-1', endMs: null } },
    ]);
    // It ends so much later.
    expect(belief.expectedEndMs()).toBe(329_000);
    expect(written(belief.silence(328_000))).toMatchObject([{ endMs: 328_000 }]);
  });

  it.each([
    ['goes on after ten minutes', 600, ['entry-1']],
    ['is a play of its own after more', 601, ['entry-2']],
  ])('of a deck that stood still %s', (_what, stoodSeconds, entries) => {
    const belief = bench();
    const long = (offset: number) => track('a', offset, { durationSeconds: 1800 });
    belief.answer(clip(105), long(0));
    belief.answer(clip(109), long(4));
    belief.silence(109_000);
    const again = 109 + stoodSeconds;
    const first = belief.answer(clip(again + 5), long(9), again * 1000);
    const second = belief.answer(clip(again + 9), long(13), again * 1000);
    const ids = written([...first, ...second]).map(({ entryId }) => entryId);
    expect(ids).toEqual(entries);
  });

  it('does not take a needle that was set back in a pause for a deck that stood still', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    belief.silence(150_000);
    expect(belief.answer(clip(188), track('a', 1), 182_000)).toMatchObject([
      { kind: 'show', shown: { certainty: 'tentative' } },
    ]);
    expect(written(belief.answer(clip(192), track('a', 5), 182_000))).toMatchObject([
      { entryId: 'entry-2', startMs: 182_000 },
    ]);
  });

  it('takes a track without a length that is played again the next day for a play of its own', () => {
    const named = (offset: number) => track('named', offset, { durationSeconds: null });
    const nextDay = 24 * 3600;
    const belief = bench();
    belief.answer(clip(105), named(0));
    belief.answer(clip(109), named(4));
    belief.silence(280_000);
    const [first] = belief.answer(clip(nextDay + 5), named(0), nextDay * 1000);
    expect(first).toMatchObject({ kind: 'show', shown: { certainty: 'tentative' } });
    expect(written(belief.answer(clip(nextDay + 9), named(4), nextDay * 1000))).toMatchObject([
      { entryId: 'entry-2', startMs: nextDay * 1000 },
    ]);
  });

  it('goes on with a track of which too short a length was told, and no longer knows its end', () => {
    const belief = bench();
    const told = (offset: number) =>
      track('a', offset, { durationSeconds: 60, offsetToleranceMs: 1000, speed: 1 });
    belief.answer(clip(110, 8), told(2));
    belief.answer(clip(120, 8), told(12));
    expect(belief.expectedEndMs()).toBe(160_000);
    expect(belief.answer(clip(168, 8), told(60))).toMatchObject([
      { kind: 'show', shown: { certainty: 'confirmed', entryId: 'entry-1', durationSeconds: null } },
    ]);
    expect(belief.expectedEndMs()).toBeNull();
    belief.answer(clip(230, 8), told(122));
    expect(written(belief.silence(340_000))).toMatchObject([{ entryId: 'entry-1', endMs: 340_000 }]);
  });

  it('does not believe a length beyond which it is heard for the first time', () => {
    const belief = bench();
    belief.answer(clip(210, 8), track('a', 102, { durationSeconds: 60 }));
    expect(written(belief.answer(clip(220, 8), track('a', 112, { durationSeconds: 60 })))).toMatchObject([
      { startMs: 100_000, durationSeconds: null },
    ]);
  });

  it('takes names without a place that take turns for names of one sound, and the one given oftener for right', () => {
    const belief = bench();
    const named = (id: string) => track(id, 0, { offsetToleranceMs: Number.POSITIVE_INFINITY });
    const live = [106, 112, 123];
    const studio = [104, 108, 115.5, 117, 118.5, 120, 121.5, 124.5, 126, 127.5, 129, 134];
    const ends = [...live, ...studio].sort((a, b) => a - b);
    const plays = ends.flatMap((end) =>
      written(belief.answer(clip(end), named(live.includes(end) ? 'live' : 'studio'), 100_000)),
    );
    expect(plays.map((p) => [p.entryId, p.trackId, p.startMs]).at(-1)).toEqual([
      'entry-1',
      'studio',
      100_000,
    ]);
    expect(new Set(plays.map((p) => p.entryId)).size).toBe(1);
  });

  it('doubts a track that was sure once a service names another time twice, and not its index', () => {
    for (const offsetToleranceMs of [0, 2000]) {
      const belief = bench();
      for (const end of [110, 120, 180, 240])
        belief.answer(clip(end), track('a', end - 105, { offsetToleranceMs, durationSeconds: null }));
      const other = (end: number) => track('b', end - 230, { offsetToleranceMs });
      expect(belief.answer(clip(300), other(300))).toEqual([]);
      const again = belief.answer(clip(309), other(309));
      expect(belief.state()).toBe(offsetToleranceMs > 0 ? 'tentative' : 'confirmed');
      expect(again).toMatchObject(
        offsetToleranceMs > 0 ? [{ kind: 'show', shown: { certainty: 'tentative', trackId: 'b' } }] : [],
      );
      expect(written(belief.answer(clip(318), other(318))).map((p) => p.trackId)).toEqual(['a', 'b']);
    }
  });

  it('goes on with a play that was taken back and is right after all, while its music is on', () => {
    const belief = bench();
    belief.answer(clip(105), track('a', 0));
    belief.answer(clip(109), track('a', 4));
    belief.silence(120_000);
    expect(belief.reinstate('entry-2', 90_000)).toEqual([]);
    expect(belief.reinstate('entry-1', 125_000)).toEqual([]);
    expect(belief.reinstate('entry-1', 90_000)).toMatchObject([
      { kind: 'write', play: { entryId: 'entry-1', revision: 3, endMs: null } },
      { kind: 'show', shown: { certainty: 'confirmed', trackId: 'a', startMs: 100_000, entryId: 'entry-1' } },
    ]);
    expect(belief.state()).toBe('confirmed');
    expect(written(belief.answer(clip(130), track('a', 25)))).toEqual([]);
  });

  it('uses the deck speed: a track 3 % fast starts and ends where it does', () => {
    const belief = bench();
    belief.answer(clip(160), track('a', 55 * 1.03, { speed: 1.03 }));
    const [play] = written(belief.answer(clip(164), track('a', 59 * 1.03, { speed: 1.03 })));
    expect(play.startMs).toBeCloseTo(100_000, -1);
    expect(belief.expectedEndMs()).toBeCloseTo(100_000 + (200 / 1.03) * 1000, -1);
  });
});
