import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type OnlineProvider, type Play, playSchema } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BelievedPlay } from '../belief.ts';
import { createFindCover } from '../find-cover.ts';
import type { ProviderAnswer, WholeTrackAnswer } from '../identify.ts';
import { createLastHeard } from '../last-heard.ts';
import type { Stretch } from '../learn/hear.ts';
import { localProvider } from '../local-provider.ts';
import { createOutbox, type Outbox } from '../outbox.ts';
import { clipOf, type HeardRig, startHeardRig } from '../testing/heard-rig.ts';
import { melody } from '../testing/melody.ts';
import { openUnknownRoom } from './open.ts';
import { createRefusedNow, type RefusedNow } from './refused-now.ts';
import { createUnnamedStretches } from './unnamed.ts';

const t0 = 1_764_000_000_000;
const song = melody(1, 60);
const other = melody(2, 60);
/** One sound after the other, without a pause. */
const inOne = (...parts: Float32Array[]) => {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const names = { track_name: 'Song', artist_name: 'Band', album_name: '', track_no: 3 };
let rig: HeardRig;
let outbox: Outbox;
let told: Play[];
let room: ReturnType<typeof openUnknownRoom>;
let limitMb: number;
let onRefused: () => void;
let onRight: (entryId: string) => void;
let refusedNow: RefusedNow;
let onTrouble: (error: unknown) => void;
let online: ReturnType<typeof noService>;
let nowMs: number;
/** Of every file. */
let cover: Promise<string | null>;
/** The buffer has lost what was heard. */
let isLost: boolean;
/** The reading process is killed while it reads this, as when memory is short. */
let isReaderKilled: (stretch: Stretch) => boolean;

/** Services on the internet, of which none may be asked yet. */
const noService = () => ({
  services: ['audd'] as OnlineProvider[],
  clips: [] as { fromMs: number; seconds: number; by: OnlineProvider | undefined }[],
  takes: [] as number[],
  clip: null as (() => ProviderAnswer) | null,
  take: null as (() => WholeTrackAnswer) | null,
  idle: true,
  /** What happens while the answer about a clip is under way, by its number. */
  meanwhile: async (_clip: number): Promise<void> => undefined,
});

async function begin(): Promise<void> {
  outbox = createOutbox({
    store: rig.store,
    tell: async (play) => void told.push(playSchema.parse(play)),
    onTrouble: (error) => {
      throw error;
    },
    onHeld: vi.fn(),
  });
  onRefused = vi.fn();
  onRight = vi.fn();
  refusedNow = createRefusedNow(() => nowMs);
  room = openUnknownRoom({
    ...rig,
    hear: async (stretch) => {
      if (isReaderKilled(stretch)) throw new Error('the reading process ended');
      return isLost ? null : rig.hear(stretch);
    },
    refusedNow,
    recalled: createLastHeard(rig.store, vi.fn()).recall(outbox.last(), {
      sinceMs: createUnnamedStretches(rig.store).leftOpen(),
      bufferEndMs: rig.buffer.span()?.toMs ?? null,
      isTakenBack: () => false,
    }),
    appData: rig.folder,
    outbox,
    findCover: createFindCover({ cover: () => cover, onTrouble: (error) => onTrouble(error) }),
    services: {
      askable: (about) =>
        about === 'take' ? (online.take ? ['acoustid'] : []) : online.clip ? online.services : [],
      async ask({ pcm, startMs }, _circumstances, _first, only = []) {
        const [by] = only;
        online.clips.push({ fromMs: startMs, seconds: pcm.length / 11_025, by });
        await online.meanwhile(online.clips.length);
        const answer = online.clip?.() ?? { kind: 'cannot_tell', why: '' };
        return { answer, by, answers: [{ by, answer }] };
      },
      async identifyTake({ blocks, durationSeconds }) {
        let samples = 0;
        for await (const block of blocks) samples += block.length;
        online.takes.push(durationSeconds);
        expect(samples / 22_050).toBeCloseTo(durationSeconds, 3);
        return online.take?.() ?? { kind: 'cannot_tell', why: '' };
      },
    },
    readAgainMs: 1000,
    isIdle: () => online.idle,
    now: () => nowMs,
    limitMb: () => limitMb,
    onChange: () => undefined,
    onTrouble: (error) => onTrouble(error),
  });
  await room.unknown.begin();
  await room.unknown.settled();
}

beforeEach(async () => {
  onTrouble = (error) => {
    throw error;
  };
  limitMb = 500;
  isLost = false;
  cover = Promise.resolve('/cover.jpg');
  isReaderKilled = () => false;
  told = [];
  online = noService();
  nowMs = t0 + 20_000;
  rig = await startHeardRig();
  await begin();
});
afterEach(async () => {
  room.unknown.close();
  room.askServices.close();
  outbox.close();
  await rig.close();
});

/** A new process over the same folder, as after a kill; long after the music, unless it is told when. */
async function restart({ atMs = t0 + 3_600_000 } = {}): Promise<void> {
  nowMs = atMs;
  room.unknown.close();
  room.askServices.close();
  outbox.close();
  await rig.close({ keep: true });
  rig = await startHeardRig(rig.folder);
  await begin();
}

/** The sound is heard from `atMs` on, then it is quiet. */
async function hear(pcm: Float32Array, atMs: number, { ends = true } = {}): Promise<void> {
  rig.play(pcm, atMs);
  const endMs = atMs + (pcm.length / 22_050) * 1000;
  for (let at = atMs; at < endMs; at += 250)
    room.unknown.hop({ startMs: at, endMs: at + 250, rms: 0.1, peak: 0.2, sound: 'music' }, atMs);
  for (let at = endMs; ends && at < endMs + 4000; at += 250)
    room.unknown.hop({ startMs: at, endMs: at + 250, rms: 0, peak: 0, sound: 'quiet' }, null);
  await room.unknown.settled();
}

const list = () => room.unknown.list().groups;
const soundFiles = () => {
  const folder = join(rig.folder, 'unknown');
  return existsSync(folder) ? readdirSync(folder) : [];
};
async function ask(pcm: Float32Array) {
  const provider = localProvider({
    ...rig,
    named: rig.named.trackById,
    next: () => null,
    onRefused: refusedNow.add,
  });
  const signal = new AbortController().signal;
  const sound = { pcm, startMs: 0, endMs: 0 };
  const answer = await provider.identify(sound, signal, { belief: 'none', heardMs: 0 });
  return answer.kind === 'match' ? answer.match.trackId : answer.kind;
}

const play = (parts: Partial<BelievedPlay> = {}): BelievedPlay => ({
  entryId: '11111111-1111-4111-8111-111111111111',
  revision: 1,
  trackId: 'audd:9',
  startMs: t0,
  positionMs: t0,
  detectedMs: t0 + 8000,
  endMs: null,
  lastHeardMs: t0 + 8000,
  speed: 1,
  durationSeconds: null,
  votes: 2,
  ...parts,
});

describe('unknown music', () => {
  it('that is heard several times is one row, whatever part of it, and another one is another', async () => {
    await hear(song, t0);
    await hear(other, t0 + 100_000);
    await hear(song.subarray(22_050 * 20), t0 + 200_000);
    expect(list().map((group) => group.times_heard)).toEqual([2, 1]);
    const [group] = list();
    expect(Date.parse(group.first_heard)).toBe(t0);
    expect(Date.parse(group.last_heard)).toBe(t0 + 200_000);
    expect(group.seconds).toBeCloseTo(60, 0);
    expect(soundFiles()).toContain(`${group.sound_id}.flac`);
  });

  it('is named once: a play at the true time of each hearing, and known from then on', async () => {
    await hear(song.subarray(22_050 * 30), t0);
    await hear(song, t0 + 100_000);
    const [group] = list();
    expect(await room.unknown.name(group.id, names)).toBe(2);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.map(({ started_at }) => Date.parse(started_at)).sort()).toEqual([t0, t0 + 100_000]);
    expect(told[0].track).toMatchObject({
      source: 'person',
      track_name: 'Song',
      artist_name: 'Band',
      album_name: null,
      track_no: 3,
    });
    expect(list()).toEqual([]);
    expect(soundFiles()).toEqual([]);
    const trackId = told[0].track.track_id;
    for (const from of [5, 40]) expect(await ask(clipOf(song, from, from + 6))).toBe(trackId);
    // The hearing that began in the middle does not make the track begin there.
    expect(rig.learnt.pieces(trackId).map(({ offsetSeconds }) => Math.round(offsetSeconds))).toEqual([0]);
    expect((await rig.matcher.keys()).sort()).toEqual(rig.sounds.keys().sort());
  });

  it('that gets the name of another recording is known by it as well, and so is the other', async () => {
    for (const [i, pcm] of [song, other].entries()) {
      await hear(pcm, t0 + i * 100_000);
      await room.unknown.name(list()[0].id, names);
    }
    await vi.waitFor(() => expect(told).toHaveLength(2));
    const { track_id: trackId } = told[0].track;
    for (const pcm of [song, other]) expect(await ask(clipOf(pcm, 20, 26))).toBe(trackId);
    expect((await rig.matcher.keys()).sort()).toEqual(rig.sounds.keys().sort());
  });

  it('heard once more after it was named needs nobody: it is written by itself', async () => {
    await hear(song, t0);
    await room.unknown.name(list()[0].id, names);
    await hear(song.subarray(0, 22_050 * 40), t0 + 500_000);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told[1]).toMatchObject({ track: { track_name: 'Song' } });
    expect(Date.parse(told[1].started_at)).toBe(t0 + 500_000);
    expect(list()).toEqual([]);
  });

  it('that got its name when it was over is not what goes on after a restart', async () => {
    const believed = play({ startMs: t0 - 300_000, detectedMs: t0 - 290_000, endMs: t0 - 100_000 });
    outbox.put(believed, {
      entry_id: believed.entryId,
      revision: 1,
      detected_at: new Date(believed.detectedMs).toISOString(),
      started_at: new Date(believed.startMs).toISOString(),
      ended_at: new Date(t0 - 100_000).toISOString(),
      track: { track_id: 'audd:9', source: 'audd', track_name: 'Named' },
      speed: 1,
    });
    await hear(song, t0);
    await room.unknown.name(list()[0].id, names);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(outbox.last()).toEqual(believed);
  });

  it('is not kept where a named track played, and goes when the name comes late', async () => {
    await room.played(play({ endMs: t0 + 60_000 }), t0);
    await hear(song, t0);
    expect(list()).toEqual([]);
    await hear(other, t0 + 100_000);
    expect(list()).toHaveLength(1);
    await room.played(play({ entryId: 'b', startMs: t0 + 99_000, endMs: t0 + 155_000 }), t0 + 99_000);
    expect(list()).toEqual([]);
    expect(soundFiles()).toEqual([]);
  });

  it('too short to be known again is dropped', async () => {
    await hear(song.subarray(0, 22_050 * 15), t0);
    expect(list()).toEqual([]);
  });

  it('whose beginning the buffer has lost is kept with the time at which it began', async () => {
    // As with a rolling buffer that is shorter than the music.
    rig.play(song.subarray(22_050 * 25), t0 + 25_000);
    for (let at = t0; at < t0 + 64_000; at += 250) {
      const isOn = at < t0 + 60_000;
      const sound = isOn ? 'music' : 'quiet';
      const rms = isOn ? 0.1 : 0;
      room.unknown.hop({ startMs: at, endMs: at + 250, rms, peak: rms, sound }, isOn ? t0 : null);
    }
    await room.unknown.settled();
    const [group] = list();
    expect([Date.parse(group.first_heard), Math.round(group.seconds)]).toEqual([t0, 60]);
    await room.unknown.name(group.id, names);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(Date.parse(told[0].started_at)).toBe(t0);
    // What was learnt of it begins where the sound does.
    const [{ offsetSeconds }] = rig.learnt.pieces(told[0].track.track_id);
    expect(offsetSeconds).toBeCloseTo(25, 1);
  });

  it.each([
    ['', '/cover.jpg'],
    [', though the share with its cover hangs', null],
  ])('is answered by the library when that has grown%s', async (_what, track_image) => {
    if (track_image === null) cover = new Promise(() => undefined);
    await hear(song, t0);
    const { fingerprint, seconds } = rig.sounds.find(rig.sounds.keys()[0]) ?? {
      fingerprint: null,
      seconds: 0,
    };
    if (!fingerprint) throw new Error('no fingerprint');
    const trackKey = rig.catalogue.newKey();
    await rig.matcher.add([{ trackKey, fingerprint }]);
    rig.catalogue.indexed(
      { path: '/music/song.flac', size: 1, mtimeMs: 1 },
      { trackKey, contentId: 'file', seconds, tags: { title: 'From the library' } },
    );
    room.unknown.kick();
    await room.unknown.settled();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told[0].track).toMatchObject({ source: 'local', track_name: 'From the library', track_image });
    expect(Date.parse(told[0].started_at)).toBe(t0);
    expect(list()).toEqual([]);
  });
});

describe('tracks without a pause between them', () => {
  const both = inOne(other, song);
  /** The library gets a file that sounds like `song`. */
  async function grow(): Promise<void> {
    rig.play(song, t0 - 1_000_000);
    const sound = await rig.hear({ fromMs: t0 - 1_000_000, toMs: t0 - 940_000 });
    const trackKey = rig.catalogue.newKey();
    if (!sound) throw new Error('nothing was heard');
    await rig.matcher.add([{ trackKey, fingerprint: sound.fingerprint }]);
    const facts = { trackKey, contentId: 'song', seconds: 60, tags: { title: 'From the library' } };
    rig.catalogue.indexed({ path: '/music/song.flac', size: 1, mtimeMs: 1 }, facts);
    room.unknown.kick();
    await room.unknown.settled();
  }
  const seconds = () => list().map((group) => Math.round(group.seconds));

  it('are one row until one of them has a name, which the other does not get', async () => {
    await hear(both, t0);
    expect(seconds()).toEqual([120]);
    await grow();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const at = (ms: number) => Math.round((ms - t0) / 1000);
    expect(at(Date.parse(told[0].started_at))).toBe(60);
    expect(at(Date.parse(told[0].ended_at ?? ''))).toBe(120);
    const [rest] = list();
    expect([seconds(), at(Date.parse(rest.first_heard))]).toEqual([[60], 0]);
    expect(soundFiles()).toEqual([`${rest.sound_id}.flac`]);
    // Only what was heard of it stands for it from now on.
    await room.unknown.name(rest.id, names);
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(await ask(clipOf(other, 20, 30))).toBe(told[1].track.track_id);
    expect(await ask(clipOf(song, 20, 30))).toBe('song');
  });

  it('get the name in the next round where it could not be written', async () => {
    await hear(song, t0);
    onTrouble = vi.fn();
    rig.store.exec(`CREATE TEMP TRIGGER full BEFORE DELETE ON hearings
      BEGIN SELECT raise(ABORT, 'database or disk is full'); END;`);
    await grow();
    expect([told, list().length]).toEqual([[], 1]);
    expect(onTrouble).toHaveBeenCalled();
    rig.store.exec('DROP TRIGGER full;');
    room.unknown.kick();
    await room.unknown.settled();
    await vi.waitFor(() => expect(told).toHaveLength(1));
  });

  it('are not taken for one of them, nor learnt as that, when they were cut off after ten minutes', async () => {
    const long = melody(3, 570);
    await hear(inOne(song, long), t0);
    expect(seconds()).toEqual([30, 600]);
    await hear(song, t0 + 1_000_000);
    expect(seconds()).toEqual([60, 30, 600]);
    await room.unknown.name(list()[0].id, names);
    await room.unknown.settled();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const trackId = told[0].track.track_id;
    // What the learner tells, too, once it has learnt: the part that is like it has the name, and no more.
    room.unknown.learnt(rig.learnt.pieces(trackId)[0].trackKey);
    await room.unknown.settled();
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(Date.parse(told[1].ended_at ?? '') - Date.parse(told[1].started_at)).toBeCloseTo(60_000, -3);
    expect(seconds()).toEqual([30, 540]);
    expect(await ask(clipOf(long, 100, 110))).toBe('no_match');
  }, 90_000);
});

describe('services that come back', () => {
  const track = { track_id: 'audd:5', source: 'audd', track_name: 'From a service' };
  const match = (offsetSeconds: number, trackId = track.track_id, offsetToleranceMs = 0) => ({
    kind: 'match' as const,
    match: { trackId, offsetSeconds, speed: 1, durationSeconds: null, offsetToleranceMs },
    track: { ...track, track_id: trackId },
  });
  const nowhere = (trackId = track.track_id) => match(0, trackId, Number.POSITIVE_INFINITY);
  /** A minute passes, and the next question is due. */
  const minute = async () => {
    nowMs += 61_000;
    room.askServices.kick();
    await room.askServices.settled();
  };

  it('are asked twice about a clip, and two answers that agree write the play at its true time', async () => {
    await hear(song, t0);
    await minute();
    expect(online.clips).toEqual([]);
    // The clips begin at seconds 14 and 34 of what was heard, which began 100 s into the track.
    const offsets = [114, 134];
    online.clip = () => match(offsets.shift() ?? 0);
    await minute();
    room.askServices.kick();
    await room.askServices.settled();
    expect(online.clips).toHaveLength(1);
    expect(list()).toHaveLength(1);
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(online.clips.map(({ fromMs, seconds }) => [fromMs - t0, Math.round(seconds)])).toEqual([
      [14_000, 12],
      [34_000, 12],
    ]);
    expect(told[0]).toMatchObject({ track, entry_id: expect.any(String) });
    expect(Date.parse(told[0].started_at)).toBe(t0);
    expect(await ask(clipOf(song, 40, 46))).toBe('audd:5');
    expect(Math.round(rig.learnt.pieces('audd:5')[0].offsetSeconds)).toBe(100);
  });

  it.each([
    ['a place', match(114), match(134)],
    ['no place', nowhere(), nowhere()],
  ])('are not asked for the first answer again after a kill when it tells %s', async (_what, one, two) => {
    await hear(song, t0);
    online.clip = () => one;
    await minute();
    await restart();
    online.clip = () => two;
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(online.clips.map(({ fromMs }) => fromMs - t0)).toEqual([14_000, 34_000]);
  });

  it('are not asked for a first answer again that an earlier version has kept', async () => {
    await hear(song, t0);
    online.clip = () => match(114);
    await minute();
    const [{ id }] = list();
    rig.store
      .prepare(
        "UPDATE memos SET name = 'unknown.first-answers', value = json_remove(value, ?) WHERE name LIKE ?",
      )
      .run(`$."${id}".by`, 'unknown.first-answers%');
    await restart();
    online.clip = () => match(134);
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(online.clips.map(({ fromMs }) => fromMs - t0)).toEqual([14_000, 34_000]);
  });

  describe('about music that is found to be like other unknown music', () => {
    const whole = melody(1, 80);
    const [begin, end] = [whole.subarray(0, 45 * 22_050), whole.subarray(45 * 22_050)];
    const groupOf = (atMs: number) =>
      list().find(({ hearings }) => hearings.some((each) => Date.parse(each.started_at) === atMs))?.id;
    /** The row of what was heard first becomes part of another one. */
    async function merge(): Promise<void> {
      const before = groupOf(t0);
      await hear(whole, t0 + 200_000);
      expect(list()).toMatchObject([{ times_heard: 3 }]);
      expect(groupOf(t0)).not.toBe(before);
    }

    it.each([
      ['while they tell the first answer', 1],
      ['while they tell the second answer', 2],
      ['between their answers', 0],
    ])('%s are heard all the same', async (_when, during) => {
      await hear(begin, t0);
      await hear(end, t0 + 100_000);
      // The clips begin at seconds 9 and 24 of what was heard first, which began 100 s into the track.
      const offsets = [109, 124];
      online.clip = () => match(offsets.shift() ?? 0);
      online.meanwhile = async (clip) => {
        if (clip === during) await merge();
      };
      await minute();
      if (during === 0) await merge();
      await minute();
      await vi.waitFor(() => expect(told).toHaveLength(3));
      expect(online.clips.map(({ fromMs }) => fromMs - t0)).toEqual([9000, 24_000]);
      const [piece] = rig.learnt.pieces('audd:5');
      expect(Math.round(piece.offsetSeconds)).toBe(100);
      expect(await ask(clipOf(whole, 60, 66))).toBe('audd:5');
    });

    it('lets a person name it by the row that was shown', async () => {
      await hear(begin, t0);
      await hear(end, t0 + 100_000);
      const shown = groupOf(t0);
      if (!shown) throw new Error('no row');
      await merge();
      expect(await room.unknown.name(shown, names)).toBe(3);
    });

    it.each([
      ['once more', match(124), 3],
      ['once more, and no further', { kind: 'no_match' as const }, 0],
    ])('of which they do not know a part are asked %s', async (_what, second, plays) => {
      await hear(end, t0 - 100_000);
      online.clip = () => ({ kind: 'no_match' });
      await minute();
      await hear(begin, t0);
      online.clip = () => match(109);
      await minute();
      await merge();
      online.clip = () => second;
      for (let i = 0; i < 3; i += 1) await minute();
      expect(online.clips).toHaveLength(3);
      await vi.waitFor(() => expect(told).toHaveLength(plays));
    });
  });

  it.each([
    ['tell no place', [nowhere(), nowhere()], 0],
    // Clips 20 s apart: whole seconds of a track that the deck plays 3 % too fast.
    ['tell coarse places', [match(114, 'audd:5', 2000), match(139, 'audd:5', 2000)], 105],
    ['tell no speed', [match(114), match(137.5)], 103.5],
    ['tell one place', [match(114), nowhere()], 100],
  ])('that %s agree within what they tell', async (_what, answers, beganSeconds) => {
    await hear(song, t0);
    const left: ProviderAnswer[] = [...answers];
    online.clip = () => left.shift() ?? { kind: 'no_match' };
    for (let i = 0; i < 2; i += 1) await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(list()).toEqual([]);
    expect(rig.learnt.pieces('audd:5')[0].offsetSeconds).toBeCloseTo(beganSeconds, 1);
  });

  it.each([
    ['disagree in the name', [match(114), match(134, 'audd:6')]],
    ['disagree in the time', [match(114), match(20)]],
    ['disagree more than they are coarse', [match(114, 'audd:5', 2000), match(142, 'audd:5', 2000)]],
    ['tell no place and disagree in the name', [nowhere(), nowhere('audd:6')]],
    ['know nothing', [{ kind: 'no_match' as const }]],
    ['cannot use the sound', [{ kind: 'cannot_tell' as const, why: 'too quiet', trouble: 'sound' as const }]],
  ])('that %s write nothing, and are not asked about it again', async (_why, answers) => {
    await hear(song, t0);
    const left: ProviderAnswer[] = [...answers];
    online.clip = () => left.shift() ?? { kind: 'no_match' };
    for (let i = 0; i < 4; i += 1) await minute();
    expect(online.clips).toHaveLength(answers.length);
    expect(list()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  const told60 = (answer: ProviderAnswer) =>
    answer.kind === 'match' && answer.track
      ? { ...answer, track: { ...answer.track, duration_seconds: 60 } }
      : answer;

  it('name no more than the track is long, and all of it where the length is told wrongly', async () => {
    const long = inOne(melody(4, 120), melody(5, 60));
    await hear(long, t0);
    online.clip = () => told60(match(online.clips.length === 1 ? 54 : 114));
    await minute();
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(Date.parse(told[0].ended_at ?? '')).toBe(t0 + 180_000);
    expect(list()).toEqual([]);
    await hear(inOne(melody(6, 60), melody(7, 150)), t0 + 1_000_000);
    online.clip = () => ({
      ...match(online.clips.length === 3 ? 24 : 94),
      track: { ...track, duration_seconds: 120 },
    });
    await minute();
    await minute();
    await room.unknown.settled();
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(Math.round((Date.parse(told[1].started_at) - t0) / 1000)).toBe(1040);
    expect(Math.round((Date.parse(told[1].ended_at ?? '') - t0) / 1000)).toBe(1160);
    expect(list().map((group) => Math.round(group.seconds))).toEqual([50, 40]);
  });

  it('give no name to music that is longer than their track, when they tell no place', async () => {
    await hear(inOne(melody(4, 120), melody(5, 60)), t0);
    online.clip = () => told60(nowhere());
    await minute();
    await minute();
    expect(told).toEqual([]);
    expect(list()).toHaveLength(1);
    await minute();
    expect(online.clips).toHaveLength(2);
  });

  it('that cannot tell now are asked again, and are left alone while something plays that needs them', async () => {
    await hear(song, t0);
    online.clip = () => ({ kind: 'cannot_tell', why: 'no network', trouble: 'fault' });
    for (let i = 0; i < 3; i += 1) await minute();
    const tries = online.clips.length;
    expect(tries).toBeGreaterThanOrEqual(3);
    online.idle = false;
    await minute();
    expect(online.clips).toHaveLength(tries);
  });

  it('are not asked about what they did not know while it played, nor give a name that was refused', async () => {
    room.askServices.answeredLive({ fromMs: t0 + 5000, toMs: t0 + 17_000 }, [
      { by: 'audd', answer: { kind: 'no_match' } },
    ]);
    await hear(song, t0);
    online.clip = () => match(114);
    await minute();
    expect(online.clips).toEqual([]);
    const [hearing] = list();
    rig.refusals.add(rig.sounds.keys()[0], 'acoustid:1', 'entry');
    online.take = () => ({ kind: 'match', track: { ...track, track_id: 'acoustid:1' } });
    await minute();
    expect(online.takes).toHaveLength(1);
    expect(list()[0].id).toBe(hearing.id);
  });

  it('are asked about what they named once while it played, which was not enough to believe', async () => {
    room.askServices.answeredLive({ fromMs: t0 + 5000, toMs: t0 + 17_000 }, [
      { by: 'audd', answer: match(105) },
    ]);
    await hear(song, t0);
    online.clip = () => nowhere();
    for (let i = 0; i < 2; i += 1) await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
  });

  it('later than others are asked about what those do not know, and once each', async () => {
    room.askServices.answeredLive({ fromMs: t0 + 5000, toMs: t0 + 17_000 }, [
      { by: 'audd', answer: { kind: 'no_match' } },
    ]);
    await hear(song, t0);
    await hear(other, t0 + 100_000);
    online.clip = () => ({ kind: 'no_match' });
    for (let i = 0; i < 3; i += 1) await minute();
    expect(online.clips.map(({ by }) => by)).toEqual(['audd']);
    online.services = ['audd', 'acrcloud'];
    await restart();
    for (let i = 0; i < 4; i += 1) await minute();
    expect(online.clips.map(({ by }) => by)).toEqual(['audd', 'acrcloud', 'acrcloud']);
  });

  it('tell the length of their own track alone', async () => {
    await hear(song, t0);
    online.clip = () => match(114);
    await minute();
    expect(online.clips).toHaveLength(1);
    online.clip = null;
    const short = { ...track, track_id: 'acoustid:1', duration_seconds: 13 };
    online.take = () => ({ kind: 'match', track: short });
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(Date.parse(told[0].ended_at ?? '')).toBe(t0 + 13_000);
    expect(list().map((group) => Math.round(group.seconds))).toEqual([47]);
  });

  it('may be asked about the whole of it', async () => {
    await hear(song, t0);
    await hear(song, t0 + 100_000);
    online.take = () => ({ kind: 'match', track });
    await minute();
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(online.takes).toHaveLength(1);
    expect(online.takes[0]).toBeCloseTo(60, 0);
    expect(list()).toEqual([]);
  });
});

describe('unknown music that cannot be read', () => {
  const troubles: unknown[] = [];
  beforeEach(async () => {
    troubles.length = 0;
    onTrouble = (error) => troubles.push(error);
    isReaderKilled = () => true;
    await hear(song, t0);
    expect(troubles.map(String)).toEqual(['Error: the reading process ended']);
    expect(list()).toEqual([]);
  });

  it('is kept when the next piece of music is over', async () => {
    isReaderKilled = () => false;
    await hear(other, t0 + 100_000);
    expect(list().map((group) => Math.round(group.seconds))).toEqual([60, 60]);
  });

  it('holds up no other, and is kept when that can be read', async () => {
    isReaderKilled = ({ fromMs }) => fromMs === t0;
    await hear(other, t0 + 100_000);
    expect(list().map((group) => Date.parse(group.first_heard))).toEqual([t0 + 100_000]);
    isReaderKilled = () => false;
    room.unknown.kick();
    await room.unknown.settled();
    expect(list()).toHaveLength(2);
  });

  it('is read again after a while, though nothing else is heard', async () => {
    isReaderKilled = () => false;
    await vi.waitFor(() => expect(list()).toHaveLength(1), { timeout: 15_000 });
  });

  it('is given up when the buffer has lost it', async () => {
    vi.spyOn(rig.buffer, 'span').mockReturnValue({ fromMs: t0 + 60_000, toMs: t0 + 900_000 });
    room.unknown.kick();
    await room.unknown.settled();
    expect(troubles).toHaveLength(2);
    expect(createUnnamedStretches(rig.store).all()).toEqual([]);
  });
});

describe('the sound of unknown music', () => {
  it('stays within its limit, the oldest goes first, and its fingerprint stays', async () => {
    await hear(song, t0);
    const { sound_bytes: bytes } = room.unknown.list();
    expect(bytes).toBeGreaterThan(100_000);
    limitMb = (bytes * 1.5) / 1e6;
    await hear(other, t0 + 100_000);
    expect(list().map(({ sound_id }) => sound_id !== null)).toEqual([true, false]);
    expect(soundFiles()).toHaveLength(1);
    limitMb = 0;
    room.unknown.kick();
    await room.unknown.settled();
    expect(soundFiles()).toEqual([]);
    expect(list()).toHaveLength(2);
  });

  it('can be deleted alone, or with all that is known of it', async () => {
    await hear(song, t0);
    await hear(other, t0 + 100_000);
    const [newer, older] = list();
    await room.unknown.remove({ id: older.id, what: 'sound' });
    expect(soundFiles()).toEqual([`${newer.sound_id}.flac`]);
    await room.unknown.remove({ id: newer.id, what: 'group' });
    expect(list().map(({ id }) => id)).toEqual([older.id]);
    await room.unknown.remove({ id: null, what: 'group' });
    expect([list(), soundFiles(), rig.sounds.keys(), await rig.matcher.keys()]).toEqual([[], [], [], []]);
    await expect(room.unknown.remove({ id: newer.id, what: 'group' })).rejects.toMatchObject({
      code: 'unknown_not_found',
    });
  });
});

describe('a disk that is full', () => {
  let troubles: unknown[];
  beforeEach(() => {
    troubles = [];
    onTrouble = (error) => troubles.push(error);
  });
  const full = (isFull: boolean) => rig.store.exec(`PRAGMA query_only = ${isFull ? 1 : 0}`);

  it('stops nothing, and what was heard meanwhile is kept when there is room again', async () => {
    full(true);
    await hear(song, t0);
    expect(troubles.length).toBeGreaterThan(0);
    full(false);
    await hear(other, t0 + 100_000);
    expect(list().map((group) => Math.round(group.seconds))).toEqual([60, 60]);
  });

  it('leaves what waits to be kept for later', async () => {
    rig.store.exec(`CREATE TEMP TRIGGER full BEFORE DELETE ON unnamed_stretches
      BEGIN SELECT raise(ABORT, 'database or disk is full'); END;
      CREATE TEMP TRIGGER full_too BEFORE INSERT ON sounds
      BEGIN SELECT raise(ABORT, 'database or disk is full'); END;`);
    await hear(song, t0);
    expect(troubles.map(String)).toContain('Error: database or disk is full');
    expect(list()).toEqual([]);
    // Each round would leave another file that no row counts.
    expect(soundFiles()).toEqual([]);
    rig.store.exec('DROP TRIGGER full; DROP TRIGGER full_too;');
    room.unknown.kick();
    await room.unknown.settled();
    expect(list()).toHaveLength(1);
    expect(soundFiles()).toEqual([`${list()[0].sound_id}.flac`]);
  });

  it('does not cost the name: the service is asked again', async () => {
    await hear(song, t0);
    rig.store.exec(`CREATE TEMP TRIGGER full BEFORE DELETE ON hearings
      BEGIN SELECT raise(ABORT, 'database or disk is full'); END;`);
    const track = { track_id: 'acoustid:1', source: 'acoustid', track_name: 'From a service' };
    online.take = () => ({ kind: 'match', track });
    const after = async (ms: number) => {
      nowMs += ms;
      room.askServices.kick();
      await room.askServices.settled();
    };
    await after(61_000);
    expect([told, list().length, online.takes.length]).toEqual([[], 1, 1]);
    expect(troubles.map(String)).toContain('Error: database or disk is full');
    rig.store.exec('DROP TRIGGER full;');
    await after(61_000);
    expect(online.takes).toHaveLength(1);
    await after(3_600_000);
    await vi.waitFor(() => expect(told).toHaveLength(1));
  });

  it('does not make the services be asked the same again and again', async () => {
    await hear(song, t0);
    full(true);
    online.clip = () => ({ kind: 'no_match' });
    for (let i = 0; i < 5; i += 1) {
      nowMs += 61_000;
      room.askServices.kick();
      await room.askServices.settled();
    }
    full(false);
    expect(online.clips).toHaveLength(1);
    expect(troubles.map(String)).toContain('Error: attempt to write a readonly database');
  });
});

describe('after a kill', () => {
  it('the music that was on is kept, and so are the hearings', async () => {
    await hear(other, t0);
    await hear(song, t0 + 100_000, { ends: false });
    expect(list()).toHaveLength(1);
    await restart();
    expect(list().map((group) => Date.parse(group.first_heard))).toEqual([t0 + 100_000, t0]);
    await restart();
    expect(list()).toHaveLength(2);
  });

  it('the music that was on is one row with its rest, which is heard soon after', async () => {
    await hear(song.subarray(0, 26 * 22_050), t0, { ends: false });
    await restart({ atMs: t0 + 34_000 });
    await hear(song.subarray(37 * 22_050), t0 + 37_000);
    expect(list()).toMatchObject([
      { times_heard: 1, seconds: 60, first_heard: new Date(t0).toISOString(), sound_id: expect.any(String) },
    ]);
    // Its sound is whole, with silence where none was recorded.
    expect(rig.sounds.find(rig.catalogue.newKey() - 1)?.seconds).toBeCloseTo(60, 0);
    expect(await rig.matcher.query(clipOf(song, 5, 15))).toMatchObject([
      { offsetSeconds: expect.closeTo(5, 1) },
    ]);
    expect(await rig.matcher.query(clipOf(song, 45, 55))).toMatchObject([
      { offsetSeconds: expect.closeTo(45, 1) },
    ]);
  });

  it('the rest of the music may be told to be music long after it began', async () => {
    await hear(song.subarray(0, 26 * 22_050), t0, { ends: false });
    await restart({ atMs: t0 + 55_990 });
    await setTimeout(100);
    expect(list()).toEqual([]);
    await hear(song.subarray(46 * 22_050), t0 + 46_000);
    expect(list()).toMatchObject([{ times_heard: 1, seconds: 60 }]);
  });

  it('the music that was on goes on also through a second kill', async () => {
    await hear(song.subarray(0, 15 * 22_050), t0, { ends: false });
    await restart({ atMs: t0 + 17_000 });
    await hear(song.subarray(20 * 22_050, 32 * 22_050), t0 + 20_000, { ends: false });
    await restart({ atMs: t0 + 35_000 });
    await hear(song.subarray(37 * 22_050), t0 + 37_000);
    expect(list()).toMatchObject([{ times_heard: 1, seconds: 60 }]);
  });

  it('music that begins later is another row, and what was on is kept when nothing follows', async () => {
    await hear(song.subarray(0, 30 * 22_050), t0, { ends: false });
    await restart({ atMs: t0 + 34_000 });
    expect(list()).toEqual([]);
    await hear(other, t0 + 70_000);
    expect(list().map(({ seconds }) => Math.round(seconds))).toEqual([60, 30]);
    await hear(song.subarray(0, 30 * 22_050), t0 + 200_000, { ends: false });
    await restart({ atMs: t0 + 274_990 });
    const times = () => list().map(({ times_heard }) => times_heard);
    await vi.waitFor(() => expect(times()).toEqual([2, 1]), { timeout: 15_000 });
  });

  it.each([
    ['that was on covers the rest of its music', null, []],
    ['that was over does not cover what followed', t0 + 30_000, [30]],
  ])('a play without a known length %s', async (_what, endMs, kept) => {
    await hear(song, t0, { ends: false });
    const believed = play({ endMs });
    await room.played(believed, t0);
    outbox.put(believed, {
      entry_id: believed.entryId,
      revision: 1,
      detected_at: new Date(believed.detectedMs).toISOString(),
      started_at: new Date(t0).toISOString(),
      ended_at: endMs === null ? null : new Date(endMs).toISOString(),
      track: { track_id: 'audd:9', source: 'audd', track_name: 'Named' },
      speed: 1,
    });
    await restart();
    expect(list().map((group) => Math.round(group.seconds))).toEqual(kept);
  });

  it('files without a row go, rows without a file have no sound', async () => {
    await hear(song, t0);
    const folder = join(rig.folder, 'unknown');
    writeFileSync(join(folder, 'half-written.flac.12ab.part'), 'x');
    await restart();
    expect(soundFiles()).toHaveLength(1);
    writeFileSync(join(folder, 'x.flac'), 'x');
    await room.unknown.remove({ id: list()[0].id, what: 'sound' });
    await restart();
    expect(soundFiles()).toEqual([]);
  });
});

describe('a wrong name', () => {
  const wrong = (entryId: string) => ({
    entry_id: entryId,
    track_ids: [],
    started_at: null,
    ended_at: null,
  });
  const requests = new Map<string, (question: never) => unknown>();
  const request = (name: string, question: unknown) => requests.get(name)?.(question as never);
  beforeEach(() => {
    const bus = { answer: (name: string, answer: never) => void requests.set(name, answer) };
    room.answer(bus as never, { onRefused, onRight });
  });

  /** The library's file `file` sounds like `song`. */
  async function haveFile(): Promise<void> {
    rig.play(song, t0 - 1_000_000);
    const sound = await rig.hear({ fromMs: t0 - 1_000_000, toMs: t0 - 940_000 });
    const trackKey = rig.catalogue.newKey();
    if (!sound) throw new Error('nothing was heard');
    await rig.matcher.add([{ trackKey, fingerprint: sound.fingerprint }]);
    rig.catalogue.indexed(
      { path: '/music/a.flac', size: 1, mtimeMs: 1 },
      { trackKey, contentId: 'file', seconds: 60, tags: { title: 'A file' } },
    );
  }

  it('of a file is not given to that sound again, and what was heard becomes unknown', async () => {
    await haveFile();
    expect(await ask(clipOf(song, 10, 16))).toBe('file');
    await room.played(play({ trackId: 'file', endMs: t0 + 60_000 }), t0);
    await hear(song, t0);
    expect(list()).toEqual([]);
    await request('recorder.wrong-track', wrong(play().entryId));
    await room.unknown.settled();
    expect(list()).toHaveLength(1);
    expect(await ask(clipOf(song, 10, 16))).toBe('no_match');
    expect(refusedNow.has('file')).toBe(true);
    expect(told).toEqual([]);
    await request('recorder.right-track', { entry_id: play().entryId });
    expect(list()).toEqual([]);
    expect(onRight).toHaveBeenCalledExactlyOnceWith(play().entryId);
    expect(await ask(clipOf(song, 10, 16))).toBe('file');
  });

  it('of what is on is refused at once, and the rest of the music becomes unknown when it ends', async () => {
    await haveFile();
    await room.played(play({ trackId: 'file' }), t0);
    await request('recorder.wrong-track', wrong(play().entryId));
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(refusedNow.has('file')).toBe(true);
    await hear(song, t0);
    expect(list()).toHaveLength(1);
    expect(refusedNow.has('file')).toBe(true);
    nowMs += 21_000;
    expect(refusedNow.has('file')).toBe(false);
    expect(await ask(clipOf(song, 10, 16))).toBe('no_match');
  });

  it('that was named anew and is right after all leaves no second play, and nothing learnt of it', async () => {
    await haveFile();
    await room.played(play({ trackId: 'file', endMs: t0 + 60_000 }), t0);
    await hear(song, t0);
    await request('recorder.wrong-track', wrong(play().entryId));
    await room.unknown.settled();
    await room.unknown.name(list()[0].id, names);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const [{ entry_id: again, track }] = told;
    const undone = await request('recorder.right-track', { entry_id: play().entryId });
    expect(undone).toEqual({ no_plays: [again] });
    expect(rig.learnt.pieces(track.track_id)).toEqual([]);
    expect(outbox.last()).toBeNull();
    expect(await ask(clipOf(song, 10, 16))).toBe('file');
    expect(await request('recorder.right-track', { entry_id: play().entryId })).toEqual(undone);
  });

  describe('after another wrong name of the same music', () => {
    /** The music of `entry_id` is wrong, and is named anew. */
    async function wrongAgain({ entry_id, track, started_at, ended_at }: Play): Promise<void> {
      const facts = { entry_id, track_ids: [track.track_id], started_at, ended_at };
      await request('recorder.wrong-track', facts);
      await room.unknown.settled();
      expect(list()).toHaveLength(1);
    }
    async function name(track_name: string): Promise<Play> {
      const number = told.length + 1;
      await room.unknown.name(list()[0].id, { ...names, track_name });
      await vi.waitFor(() => expect(told).toHaveLength(number));
      return told[number - 1];
    }
    /** Wrong as a file, then wrong as A. */
    async function twiceWrong(): Promise<Play> {
      await haveFile();
      await room.played(play({ trackId: 'file', endMs: t0 + 61_000 }), t0);
      await hear(song, t0);
      await request('recorder.wrong-track', wrong(play().entryId));
      await room.unknown.settled();
      const a = await name('A');
      await wrongAgain(a);
      return a;
    }

    it('is right after all without what came after it', async () => {
      const a = await twiceWrong();
      const b = await name('B');
      expect(await ask(clipOf(song, 10, 16))).toBe(b.track.track_id);
      expect(await request('recorder.right-track', { entry_id: a.entry_id })).toEqual({
        no_plays: [b.entry_id],
      });
      expect(await ask(clipOf(song, 10, 16))).toBe(a.track.track_id);
    });

    it('goes with all that came after the first one, when that is right after all', async () => {
      const a = await twiceWrong();
      const b = await name('B');
      expect(await request('recorder.right-track', { entry_id: play().entryId })).toEqual({
        no_plays: [a.entry_id, b.entry_id],
      });
      expect(await ask(clipOf(song, 10, 16))).toBe('file');
    });

    it.each(['the last', 'the first'])('is no unknown music any more when %s is right', async (which) => {
      const a = await twiceWrong();
      const entry_id = which === 'the last' ? a.entry_id : play().entryId;
      await request('recorder.right-track', { entry_id });
      expect(list()).toEqual([]);
    });

    it('is known by what was learnt of it when the buffer has lost the sound', async () => {
      await hear(song, t0);
      const first = await name('First');
      isLost = true;
      await wrongAgain(first);
      expect(list()[0].sound_id).toBeNull();
      await wrongAgain(await name('A'));
      const b = await name('B');
      expect(await ask(clipOf(song, 10, 16))).toBe(b.track.track_id);
    });
  });

  it('of a play with a pause leaves each of its stretches unknown, and gets each of them back', async () => {
    const parts = [t0, t0 + 100_000];
    for (const [i, atMs] of parts.entries()) {
      const revision = 2 * i + 1;
      await room.played(play({ revision, durationSeconds: null, lastHeardMs: atMs + 10_000 }), atMs);
      await room.played(play({ revision: revision + 1, durationSeconds: null, endMs: atMs + 60_000 }), atMs);
      await hear(i === 0 ? song : other, atMs);
    }
    for (let i = 0; i < 2; i += 1) {
      await request('recorder.wrong-track', wrong(play().entryId));
      await room.unknown.settled();
      expect(
        list()
          .map((group) => Date.parse(group.first_heard))
          .sort(),
      ).toEqual(parts);
      await request('recorder.right-track', { entry_id: play().entryId });
      expect(list()).toEqual([]);
    }
  });

  it('unlearns what was learnt from that play alone', async () => {
    const at = [t0, t0 + 200_000];
    for (const [i, pcm] of [song, other].entries()) {
      await hear(pcm, at[i]);
      const [{ id }] = list();
      await room.unknown.name(id, names);
      await vi.waitFor(() => expect(told).toHaveLength(i + 1));
    }
    const { track_id: trackId } = told[0].track;
    expect(rig.learnt.pieces(trackId)).toHaveLength(2);
    await request('recorder.wrong-track', { ...wrong(told[1].entry_id), track_ids: [trackId] });
    await room.unknown.settled();
    expect(rig.learnt.pieces(trackId).map(({ entryId }) => entryId)).toEqual([told[0].entry_id]);
    expect(await ask(clipOf(song, 10, 16))).toBe(trackId);
    expect(await ask(clipOf(other, 10, 16))).toBe('no_match');
  });

  it('that was learnt is unlearnt, also when the buffer has lost the sound, and learnt again on second thoughts', async () => {
    await hear(song, t0);
    await room.unknown.name(list()[0].id, names);
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const { entry_id: entryId, track } = told[0];
    const facts = { track_ids: [track.track_id], started_at: told[0].started_at, ended_at: told[0].ended_at };
    isLost = true;
    await request('recorder.wrong-track', { entry_id: entryId, ...facts });
    await room.unknown.settled();
    expect(await ask(clipOf(song, 10, 16))).toBe('no_match');
    expect(list()).toHaveLength(1);
    await request('recorder.right-track', { entry_id: entryId });
    expect(await ask(clipOf(song, 10, 16))).toBe(track.track_id);
    expect(list()).toEqual([]);
  });
});
