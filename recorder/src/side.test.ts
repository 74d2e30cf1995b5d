import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BelievedPlay, Decision } from './belief.ts';
import { createSide, type SideEnds } from './side.ts';
import { createSideEnds } from './side-ends.ts';
import { openStore } from './store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const album = [100, 200, 150, 180].map((durationSeconds, i) => ({
  release: 'album',
  trackId: `a${i + 1}`,
  place: i + 1,
  side: '1',
  durationSeconds,
}));

function bench({ ends, tracks = album }: { ends?: SideEnds; tracks?: typeof album } = {}) {
  const learnt = new Set<string>();
  let ids = 0;
  return createSide({
    release: (trackId) => (trackId.startsWith('a') ? tracks : null),
    ends: ends ?? {
      has: (release, place) => learnt.has(`${release} ${place}`),
      learn: (release, place) => void learnt.add(`${release} ${place}`),
      forget: (release, place) => void learnt.delete(`${release} ${place}`),
    },
    newId: () => `inferred-${++ids}`,
  });
}

/** Play of `trackId` from second `start`, heard to its end. */
function playOf(trackId: string, start: number, { speed = 1 } = {}): BelievedPlay {
  const durationSeconds = album.find((each) => each.trackId === trackId)?.durationSeconds ?? 60;
  const startMs = start * 1000;
  const lastHeardMs = startMs + (durationSeconds / speed) * 1000 - 2000;
  const more = { revision: 1, detectedMs: startMs + 5000, endMs: null, votes: 2 };
  return {
    entryId: `${trackId}@${start}`,
    trackId,
    startMs,
    positionMs: startMs,
    lastHeardMs,
    speed,
    durationSeconds,
    ...more,
  };
}
const write = (play: BelievedPlay): Decision => ({ kind: 'write', play });
/** Music, or none, from one second to another, hop by hop. */
function hear(side: ReturnType<typeof bench>, from: number, to: number, isMusic = true): void {
  for (let at = from; at <= to; at += 0.25) side.heard(at * 1000, isMusic);
}
const written = (decisions: Decision[]) =>
  decisions.flatMap((each) => (each.kind === 'write' ? [each.play] : []));

describe('the side of a record', () => {
  it('is not known from one track', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    expect(side.state()).toBeNull();
    expect(side.fits('a2')).toBe(true);
    expect(side.fits('b')).toBe(false);
  });

  it('has a next track when one is over or nearly, however little is known of the side', () => {
    const side = bench();
    const a1 = playOf('a1', 0);
    side.follow([write({ ...a1, lastHeardMs: 20_000 })]);
    expect(side.next(50_000, 100_000)).toBeNull();
    expect(side.next(98_000, null)).toBeNull();
    expect(side.next(98_000, 100_000)).toEqual({ trackId: 'a2', notBeforeMs: 95_000 });
    // The needle was set 40 s further on.
    expect(side.next(62_000, 60_000)).toEqual({ trackId: 'a2', notBeforeMs: 55_000 });
    side.follow([write({ ...a1, revision: 2 })]);
    expect(side.next(110_000, null)).toEqual({ trackId: 'a2', notBeforeMs: 95_000 });
    expect(side.next(126_000, null)).toBeNull();
  });

  it('has no next track after the last, nor after the end of a side', () => {
    const side = bench({
      ends: { has: (_, place) => place === 2, learn: vi.fn(), forget: vi.fn() },
    });
    side.follow([write(playOf('a2', 0))]);
    expect(side.next(201_000, null)).toBeNull();
    side.follow([write(playOf('a4', 300))]);
    expect(side.next(481_000, null)).toBeNull();
    expect(bench().next(0, null)).toBeNull();
  });

  it('is known from two in succession, and what follows is expected', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a2', 102))]);
    expect(side.state()).toEqual({ trackId: 'a2', expectedId: 'a3', isFinished: false });
  });

  it('expects nothing after tracks that do not follow each other', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a4', 102))]);
    expect(side.state()).toBeNull();
    side.follow([write(playOf('b', 400))]);
    expect(side.fits('a1')).toBe(false);
  });

  it('fills in the track between two whose times leave room for it', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    hear(side, 0, 308);
    const decisions = side.follow([write(playOf('a3', 304))]);
    expect(written(decisions)).toMatchObject([
      { entryId: 'inferred-1', trackId: 'a2', startMs: 102_000, endMs: 302_000, inferred: true },
      { trackId: 'a3' },
    ]);
    expect(side.state()?.expectedId).toBe('a4');
  });

  it('fills in by the speed of the deck', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0, { speed: 1.03 }))]);
    hear(side, 0, 300);
    const decisions = side.follow([write(playOf('a3', 300 / 1.03 + 4, { speed: 1.03 }))]);
    expect(written(decisions).map(({ trackId }) => trackId)).toEqual(['a2', 'a3']);
  });

  it.each([250, 320])('fills in nothing where the time does not fit (%i s)', (start) => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    hear(side, 0, start);
    expect(written(side.follow([write(playOf('a3', start))]))).toHaveLength(1);
  });

  it.each([
    ['nothing was heard between', 100, 99],
    ['there was music for half of it', 200, 99],
    ['the needle was lifted in the track before', 304, 70],
  ])('fills in nothing where %s', (_why, musicUntil, lastHeard) => {
    const side = bench();
    side.follow([write({ ...playOf('a1', 0), lastHeardMs: lastHeard * 1000 })]);
    hear(side, 0, musicUntil);
    hear(side, musicUntil + 0.25, 304, false);
    expect(written(side.follow([write(playOf('a3', 304))]))).toHaveLength(1);
  });

  it('is finished soon after the last track of the release', () => {
    const side = bench();
    side.follow([write(playOf('a3', 0))]);
    side.follow([write(playOf('a4', 152))]);
    expect(side.heard(330_000, false)).toBe(false);
    expect(side.heard(336_000, true)).toBe(false);
    expect(side.heard(336_000, false)).toBe(true);
    expect(side.state()).toEqual({ trackId: 'a4', expectedId: null, isFinished: true });
  });

  it.each([
    ['alone in the library', [1]],
    ['followed by none in the library, which has a later one', [1, 4]],
    ['the last of the release', [1, 2, 3, 4]],
  ])('is not finished after one track, %s', (_why, have) => {
    const tracks = album.filter(({ place }) => have.includes(place));
    const { trackId } = have.length === 4 ? album[3] : album[0];
    const side = bench({ tracks });
    const play = playOf(trackId, 0);
    side.follow([write(play)]);
    const endSeconds = (play.durationSeconds ?? 0) - 0.25;
    hear(side, 0, endSeconds);
    hear(side, endSeconds, endSeconds + 600, false);
    expect(side.state()).toBeNull();
  });

  it('takes the last track that the library has for the end only where none before it is missing', () => {
    const side = bench({ tracks: album.filter(({ place }) => place !== 2) });
    side.follow([write(playOf('a3', 0))]);
    side.follow([write(playOf('a4', 152))]);
    // 332 s is its end.
    expect(side.heard(351_750, false)).toBe(false);
    expect(side.heard(352_000, false)).toBe(true);
  });

  it('waits for the track that the library lacks after two that it has', () => {
    const side = bench({ tracks: album.filter(({ place }) => place !== 3) });
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a2', 102))]);
    expect(side.state()).toEqual({ trackId: 'a2', expectedId: null, isFinished: false });
    expect(side.heard(321_750, false)).toBe(false);
    expect(side.heard(322_000, false)).toBe(true);
  });

  it('is not finished while music goes on that nobody can name, nor is an end learnt before it', () => {
    const ends = { has: () => false, learn: vi.fn(), forget: vi.fn() };
    const side = bench({ ends });
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a2', 102))]);
    hear(side, 102, 450);
    hear(side, 450.25, 469.75, false);
    expect(side.state()?.isFinished).toBe(false);
    hear(side, 470, 471, false);
    expect(side.state()?.isFinished).toBe(true);
    expect(ends.learn).not.toHaveBeenCalled();
  });

  it('is not finished by its last track in the library where music goes on after it', () => {
    const side = bench();
    side.follow([write(playOf('a3', 0))]);
    side.follow([write(playOf('a4', 152))]);
    hear(side, 152, 500);
    hear(side, 500.25, 519.75, false);
    expect(side.state()?.isFinished).toBe(false);
    expect(side.heard(520_000, false)).toBe(true);
  });

  describe('by numbers as on a record', () => {
    /** A1, A2, B1, B2. */
    const tracks = album.map((each) => ({ ...each, side: each.place < 3 ? 'A' : 'B' }));

    it('is finished soon after its last track, which has none next', () => {
      const ends = { has: () => false, learn: vi.fn(), forget: vi.fn() };
      const side = bench({ ends, tracks });
      side.follow([write(playOf('a1', 0))]);
      expect(side.next(101_000, null)?.trackId).toBe('a2');
      side.follow([write(playOf('a2', 102))]);
      expect(side.state()).toEqual({ trackId: 'a2', expectedId: null, isFinished: false });
      expect(side.next(303_000, null)).toBeNull();
      expect(side.heard(304_750, false)).toBe(false);
      expect(side.heard(305_000, false)).toBe(true);
      expect(ends.learn).not.toHaveBeenCalled();
    });

    it('is known when the record was turned over', () => {
      const side = bench({ tracks });
      side.follow([write(playOf('a2', 102))]);
      side.heard(305_000, false);
      side.follow([write(playOf('a3', 340))]);
      expect(side.state()).toEqual({ trackId: 'a3', expectedId: 'a4', isFinished: false });
    });

    it('may go on after its last track in the library where one before that is missing', () => {
      const sides = album.map((each) => ({ ...each, side: each.place < 4 ? 'A' : 'B' }));
      const side = bench({ tracks: sides.filter(({ place }) => place !== 1) });
      side.follow([write(playOf('a2', 0))]);
      side.follow([write(playOf('a3', 202))]);
      expect(side.state()).toEqual({ trackId: 'a3', expectedId: null, isFinished: false });
      expect(side.heard(371_750, false)).toBe(false);
      expect(side.heard(372_000, false)).toBe(true);
    });
  });

  it('is past when there is music again, whatever it is', () => {
    const side = bench();
    side.follow([write(playOf('a3', 0))]);
    side.follow([write(playOf('a4', 152))]);
    side.heard(336_000, false);
    expect(side.heard(400_000, true)).toBe(true);
    expect(side.state()).toBeNull();
    expect(side.heard(400_250, true)).toBe(false);
    expect(side.heard(600_000, false)).toBe(false);
    expect(side.state()).toBeNull();
    side.follow([write(playOf('a1', 700))]);
    side.follow([write(playOf('a2', 802))]);
    expect(side.state()).toMatchObject({ trackId: 'a2', isFinished: false });
  });

  it('is finished when the expected track does not come, and that is remembered', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a2', 102))]);
    expect(side.heard(310_000, false)).toBe(false);
    expect(side.heard(323_000, false)).toBe(true);
    side.follow([write(playOf('a1', 1000))]);
    side.follow([write(playOf('a2', 1102))]);
    expect(side.state()?.expectedId).toBeNull();
    expect(side.heard(1306_000, false)).toBe(true);
  });

  it('forgets an end after which the record went on, but not when it was flipped', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    side.follow([write(playOf('a2', 102))]);
    side.heard(323_000, false);
    side.follow([write(playOf('a3', 400))]);
    side.follow([write(playOf('a1', 1000))]);
    side.follow([write(playOf('a2', 1102))]);
    expect(side.state()?.expectedId).toBeNull();
    side.follow([write(playOf('a3', 1304))]);
    side.follow([write(playOf('a1', 2000))]);
    side.follow([write(playOf('a2', 2102))]);
    expect(side.state()?.expectedId).toBe('a3');
  });

  it('is not finished when the needle was lifted in the middle of a track', () => {
    const side = bench();
    side.follow([write(playOf('a1', 0))]);
    side.follow([write({ ...playOf('a2', 102), lastHeardMs: 150_000 })]);
    expect(side.heard(400_000, false)).toBe(false);
  });

  it('remembers its ends when the program starts anew', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pidentify-side-'));
    folders.push(folder);
    const first = openStore(folder, () => new Date());
    const onTrouble = vi.fn();
    createSideEnds(first.store, onTrouble).learn('album', 2);
    first.store.close();
    const { store } = openStore(folder, () => new Date());
    const ends = createSideEnds(store, onTrouble);
    expect([ends.has('album', 2), ends.has('album', 3)]).toEqual([true, false]);
    ends.forget('album', 2);
    expect(ends.has('album', 2)).toBe(false);
    store.exec('PRAGMA query_only = 1');
    ends.learn('album', 2);
    expect(onTrouble).toHaveBeenCalledOnce();
    store.close();
  });
});
