import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BelievedPlay } from '../belief.ts';
import { createKeeper } from '../library/keeper.ts';
import { localProvider } from '../local-provider.ts';
import { clipOf, type HeardRig, startHeardRig } from '../testing/heard-rig.ts';
import { melody } from '../testing/melody.ts';
import { createLearner, type Learner } from './learner.ts';

const trackId = 'audd:1';
const t0 = 1_000_000_000_000;
let rig: HeardRig;
let learner: Learner;
let onTrouble: (error: unknown) => void;

function newLearner(recalled: BelievedPlay | null = null): Learner {
  return createLearner({
    ...rig,
    recalled,
    newKey: rig.catalogue.newKey,
    isToLearn: (id) => !rig.catalogue.trackById(id) && rig.named.trackById(id) !== null,
    onLearnt: () => undefined,
    onTrouble: (error) => onTrouble(error),
  });
}

beforeEach(async () => {
  onTrouble = (error) => {
    throw error;
  };
  rig = await startHeardRig();
  rig.named.remember({ track_id: trackId, source: 'audd', track_name: 'Song', duration_seconds: null });
  learner = newLearner();
});
afterEach(async () => {
  learner.close();
  await rig.close();
});

const playOf = (parts: Partial<BelievedPlay> & { startMs: number; endMs: number | null }): BelievedPlay => ({
  entryId: `entry-${parts.startMs}`,
  revision: 2,
  trackId,
  positionMs: parts.startMs,
  detectedMs: parts.startMs + 8000,
  lastHeardMs: parts.endMs ?? parts.startMs + 8000,
  speed: 1,
  durationSeconds: null,
  votes: 2,
  ...parts,
});

async function ask(pcm: Float32Array) {
  const provider = localProvider({
    ...rig,
    named: rig.named.trackById,
    next: () => null,
    onRefused: () => undefined,
  });
  const answer = await provider.identify({ pcm, startMs: 0, endMs: 0 }, new AbortController().signal, {
    belief: 'none',
    heardMs: 0,
  });
  return answer.kind === 'match' ? answer.match : answer.kind;
}

async function hearPlay(pcm: Float32Array, play: BelievedPlay, onsetMs = play.startMs): Promise<void> {
  rig.play(pcm, onsetMs);
  learner.played({ ...play, endMs: null, revision: 1 }, onsetMs);
  learner.played(play, onsetMs);
  await learner.settled();
}

describe('learning', () => {
  it('does not learn from a play in which the deck stood still: its sound has two starts', async () => {
    const pcm = melody(31, 60);
    const play = playOf({ startMs: t0, endMs: t0 + 60_000, positionMs: t0 + 20_000 });
    await hearPlay(pcm, play);
    expect(await ask(clipOf(pcm, 30, 38))).toBe('no_match');
  });

  const song = melody(1, 60);

  it('a named track that was heard is known by its sound next time', async () => {
    expect(await ask(clipOf(song, 20, 26))).toBe('no_match');
    await hearPlay(song, playOf({ startMs: t0, endMs: t0 + 60_000 }));
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId, durationSeconds: null });
    expect(await ask(clipOf(melody(2, 60), 20, 26))).toBe('no_match');
  });

  it('knows at which second of the track the heard sound begins', async () => {
    // The needle was set down 90 s into the track.
    await hearPlay(song, playOf({ startMs: t0 - 90_000, endMs: t0 + 60_000 }), t0);
    const match = await ask(clipOf(song, 20, 26));
    expect(match).toMatchObject({ trackId });
    expect((match as { offsetSeconds: number }).offsetSeconds).toBeCloseTo(110, 0);
  });

  it('takes the speed of the deck out', async () => {
    await hearPlay(melody(1, 60, 1.02), playOf({ startMs: t0, endMs: t0 + 58_800, speed: 1.02 }));
    const match = await ask(clipOf(song, 40, 46));
    if (typeof match === 'string') throw new Error(match);
    expect(match.speed).toBeCloseTo(1, 2);
    expect(Math.abs(match.offsetSeconds - 40)).toBeLessThan(0.3);
  });

  it('reckons from the place that was known last, as the speed was then', async () => {
    // Set down at 200 s with a speed of first 2.15 %, then, rightly, 2 %.
    const startMs = t0 - (200 / 1.0215) * 1000;
    const positionMs = t0 - (200 / 1.02) * 1000;
    await hearPlay(melody(1, 60, 1.02), playOf({ startMs, positionMs, endMs: t0 + 58_800, speed: 1.02 }), t0);
    const [piece] = rig.learnt.pieces(trackId);
    expect(piece.offsetSeconds).toBeCloseTo(200, 2);
  });

  it('hears another part later and then knows both, and a longer one replaces a shorter one', async () => {
    await hearPlay(song.subarray(0, 22_050 * 20), playOf({ startMs: t0, endMs: t0 + 20_000 }));
    expect(await ask(clipOf(song, 40, 46))).toBe('no_match');
    const later = t0 + 100_000;
    await hearPlay(
      song.subarray(22_050 * 30),
      playOf({ startMs: later - 30_000, endMs: later + 30_000 }),
      later,
    );
    expect(rig.learnt.pieces(trackId)).toHaveLength(2);
    expect(await ask(clipOf(song, 40, 46))).toMatchObject({ trackId });
    expect(await ask(clipOf(song, 5, 11))).toMatchObject({ trackId });
    await hearPlay(song, playOf({ startMs: t0 + 200_000, endMs: t0 + 260_000 }));
    expect(rig.learnt.pieces(trackId)).toHaveLength(1);
    expect(await rig.matcher.keys()).toEqual(rig.sounds.keys());
    await hearPlay(song, playOf({ startMs: t0 + 300_000, endMs: t0 + 360_000 }));
    expect(rig.learnt.pieces(trackId)[0].entryId).toBe(`entry-${t0 + 200_000}`);
  });

  it('two recordings of one name are both known, and neither is learnt twice', async () => {
    const live = melody(2, 50);
    const at = (i: number) => ({
      startMs: t0 + i * 100_000,
      endMs: t0 + i * 100_000 + (i % 2 ? 50_000 : 60_000),
    });
    for (let i = 0; i < 4; i += 1) await hearPlay(i % 2 ? live : song, playOf(at(i)));
    for (const pcm of [song, live]) expect(await ask(clipOf(pcm, 20, 26))).toMatchObject({ trackId });
    expect(rig.learnt.pieces(trackId).map(({ entryId }) => entryId)).toEqual([
      `entry-${t0}`,
      `entry-${t0 + 100_000}`,
    ]);
  });

  it('a part of one recording is no part of another of the same name', async () => {
    const live = melody(2, 60);
    await hearPlay(song.subarray(0, 22_050 * 40), playOf({ startMs: t0, endMs: t0 + 40_000 }));
    await hearPlay(live.subarray(0, 22_050 * 30), playOf({ startMs: t0 + 100_000, endMs: t0 + 130_000 }));
    // The longer one replaces the shorter one of its own recording alone.
    await hearPlay(live, playOf({ startMs: t0 + 200_000, endMs: t0 + 260_000 }));
    expect(rig.learnt.pieces(trackId).map(({ entryId }) => entryId)).toEqual([
      `entry-${t0 + 200_000}`,
      `entry-${t0}`,
    ]);
    for (const pcm of [song, live]) expect(await ask(clipOf(pcm, 10, 16))).toMatchObject({ trackId });
  });

  it('learns nothing from a few seconds, from a file of the library, nor from what is no longer kept', async () => {
    await hearPlay(song.subarray(0, 22_050 * 10), playOf({ startMs: t0, endMs: t0 + 10_000 }));
    await hearPlay(song, playOf({ startMs: t0 + 100_000, endMs: t0 + 160_000, trackId: 'file' }));
    learner.played(playOf({ startMs: t0 - 900_000, endMs: t0 - 800_000 }), t0 - 900_000);
    await learner.settled();
    expect(rig.sounds.keys()).toEqual([]);
    expect(rig.lessons.next()).toBeNull();
  });

  it('a play that turns out to be another track unteaches the first name', async () => {
    const play = playOf({ startMs: t0, endMs: t0 + 60_000 });
    await hearPlay(song, play);
    rig.named.remember({ track_id: 'audd:2', source: 'audd', track_name: 'Other version' });
    learner.played({ ...play, trackId: 'audd:2', revision: 3 }, t0);
    await learner.settled();
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId: 'audd:2' });
    expect(rig.learnt.pieces(trackId)).toEqual([]);
  });

  it('a play that turns out to be another track while it is being learnt is learnt as that', async () => {
    rig.named.remember({ track_id: 'audd:2', source: 'audd', track_name: 'Other version' });
    rig.play(song, t0);
    const play = playOf({ startMs: t0, endMs: t0 + 60_000 });
    learner.played(play, t0);
    learner.played({ ...play, trackId: 'audd:2', revision: 3 }, t0);
    await learner.settled();
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId: 'audd:2' });
    expect(rig.learnt.pieces(trackId)).toEqual([]);
  });

  it('a play that is taken back while it is being learnt is not learnt', async () => {
    rig.play(song, t0);
    const play = playOf({ startMs: t0, endMs: t0 + 60_000 });
    learner.played(play, t0);
    rig.lessons.drop(play.entryId);
    await learner.settled();
    expect(rig.sounds.keys()).toEqual([]);
  });

  it('what a killed process did not get to learn is learnt by the next one', async () => {
    rig.play(song, t0);
    learner.played(playOf({ startMs: t0, endMs: null, lastHeardMs: t0 + 50_000 }), t0);
    await learner.settled();
    expect(rig.sounds.keys()).toEqual([]);
    const { folder } = rig;
    learner.close();
    await rig.close({ keep: true });
    rig = await startHeardRig(folder);
    learner = newLearner();
    learner.kick();
    await learner.settled();
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId });
  });

  it('what was heard of a track before a kill is not learnt while the track may go on', async () => {
    rig.play(song, t0);
    const play = playOf({ startMs: t0, endMs: null, lastHeardMs: t0 + 30_000 });
    learner.played(play, t0);
    learner.close();
    learner = newLearner(play);
    learner.kick();
    await learner.settled();
    expect(rig.sounds.keys()).toEqual([]);
    learner.played({ ...play, endMs: t0 + 60_000, revision: 3 }, t0);
    await learner.settled();
    expect(await ask(clipOf(song, 45, 51))).toMatchObject({ trackId });
  });

  it('waits when the disk is full, and tells it', async () => {
    const troubles: unknown[] = [];
    onTrouble = (error) => troubles.push(error);
    rig.play(song, t0);
    learner.played(playOf({ startMs: t0, endMs: t0 + 60_000 }), t0);
    rig.store.exec('PRAGMA query_only = 1');
    await learner.settled();
    expect(troubles.length).toBeGreaterThan(0);
    rig.store.exec('PRAGMA query_only = 0');
    learner.kick();
    await learner.settled();
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId });
  });

  it('an index that is lost is made again with what was learnt', async () => {
    await hearPlay(song, playOf({ startMs: t0, endMs: t0 + 60_000 }));
    const { folder } = rig;
    await rig.close({ keep: true });
    for (const name of readdirSync(join(folder, 'index')))
      writeFileSync(join(folder, 'index', name), 'damaged');
    rig = await startHeardRig(folder);
    expect(await ask(clipOf(song, 20, 26))).toBe('no_match');
    const keeper = createKeeper({
      ...rig,
      index: rig.matcher,
      others: rig.sounds,
      onFolders: () => undefined,
      onAwaited: () => undefined,
      onHealth: () => undefined,
      onTrouble: (error) => {
        throw error;
      },
    });
    keeper.follow([]);
    await keeper.settled();
    expect(await ask(clipOf(song, 20, 26))).toMatchObject({ trackId });
    await keeper.close();
  });
});
