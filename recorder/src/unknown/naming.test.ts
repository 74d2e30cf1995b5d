import { randomUUID } from 'node:crypto';
import type { Play } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type HeardRig, startHeardRig } from '../testing/heard-rig.ts';
import { melody } from '../testing/melody.ts';
import { createHearings, type Hearing } from './hearings.ts';
import { createNaming } from './naming.ts';
import { createSplit } from './split.ts';

const t0 = 1_764_000_000_000;
const track = { track_id: 'audd:1', source: 'audd', track_name: 'A', duration_seconds: 60 };
let rig: HeardRig;
let hearings: ReturnType<typeof createHearings>;
let plays: Play[];
let files: Set<string>;
/** What happens while the sound of a part is written. */
let whileCopying: () => void;
let troubles: unknown[];

beforeEach(async () => {
  rig = await startHeardRig();
  hearings = createHearings(rig.store);
  plays = [];
  files = new Set();
  troubles = [];
  whileCopying = () => undefined;
});
afterEach(() => rig.close());

function nameGroup(...[groupId, ...rest]: Parameters<ReturnType<typeof createNaming>>) {
  const sounds = {
    async copyPart(_id: string, asId: string) {
      files.add(asId);
      whileCopying();
      return 1000;
    },
    remove: async (id: string) => void files.delete(id),
  };
  const split = createSplit({
    ...rig,
    files: sounds,
    newKey: rig.catalogue.newKey,
    newId: randomUUID,
    onTrouble: (error) => troubles.push(error),
  });
  return createNaming({
    ...rig,
    hearings,
    outbox: { put: (_play, told) => void plays.push(told) },
    takenBack: { renamed: () => undefined },
    files: sounds,
    split,
    sweep: async () => void rig.sounds.sweep(),
  })(groupId, ...rest);
}

/** Seconds [from, to) after `t0` were heard, of a group in which they begin `offsetSeconds` after its first hearing. */
async function heard(id: string, [from, to]: [number, number], offsetSeconds = 0): Promise<Hearing> {
  const stretch = { fromMs: t0 + from * 1000, toMs: t0 + to * 1000 };
  rig.play(melody(from + 1, to - from), stretch.fromMs);
  const sound = await rig.hear(stretch);
  if (!sound) throw new Error('nothing was heard');
  const trackKey = rig.catalogue.newKey();
  rig.sounds.put({ trackKey, ...sound });
  await rig.matcher.add([{ trackKey, fingerprint: sound.fingerprint }]);
  const alone = { groupId: 'side', speed: 1, entryId: randomUUID(), takenBack: null };
  const hearing = { ...alone, ...stretch, id, trackKey, soundFromMs: stretch.fromMs, offsetSeconds };
  hearings.insert({ ...hearing, soundBytes: 1000 });
  files.add(id);
  return { ...hearing, soundBytes: 1000 };
}

const second = (ms: number) => Math.round((ms - t0) / 1000);
const written = () =>
  plays.map(({ started_at, ended_at }) => [started_at, ended_at ?? ''].map((at) => second(Date.parse(at))));
const left = () => hearings.all().map(({ fromMs, toMs }) => [second(fromMs), second(toMs)]);

describe('a hearing of the group in which the track was not heard', () => {
  it.each([
    ['after the track', 0, 120, [[60, 180]]],
    ['before the track', 120, 0, [[0, 120]]],
  ])(
    'as it lies %s, has no play, keeps its sound and becomes a group of its own',
    async (_where, a, c, rest) => {
      await heard('side', [0, 180]);
      const alone = await heard('alone', [1000, 1060], c);
      expect(await nameGroup('side', track, { offsetSeconds: -a, speed: 1 })).toBe(1);
      expect(written()).toEqual([[a, a + 60]]);
      expect(left()).toEqual([[1000, 1060], ...rest]);
      expect(hearings.find('alone')).toEqual({ ...alone, groupId: 'alone', offsetSeconds: 0 });
      expect(files).toEqual(new Set(hearings.all().map(({ id }) => id)));
      expect(troubles).toEqual([]);
      // It is compared anew.
      expect(hearings.toAsk(1)?.id).toBeDefined();
      for (const { id } of hearings.all()) if (id !== 'alone') hearings.asked(id, 1);
      expect(hearings.toAsk(1)?.id).toBe('alone');
    },
  );

  it('has none either where no length is told and it lies before the track', async () => {
    await heard('side', [0, 60]);
    await heard('alone', [1000, 1060], -70);
    await nameGroup('side', { ...track, duration_seconds: null }, { offsetSeconds: 0, speed: 1 });
    expect([written(), left()]).toEqual([[[0, 60]], [[1000, 1060]]]);
  });

  it('is named all the same by a person, who says what all of it is', async () => {
    await heard('side', [0, 180]);
    await heard('alone', [1000, 1060], 120);
    await nameGroup('side', track, { offsetSeconds: 0, speed: 1 }, { isAllOfIt: true });
    expect([written(), left()]).toEqual([
      [
        [1000, 1060],
        [0, 180],
      ],
      [],
    ]);
  });

  it('is none that is short itself, nor one of a short track', async () => {
    await heard('side', [0, 120]);
    await heard('short', [1000, 1019], 41);
    await nameGroup('side', { ...track, duration_seconds: 19 }, { offsetSeconds: -41, speed: 1 });
    expect(written()).toEqual([
      [1000, 1019],
      [41, 60],
    ]);
  });
});

describe('what was heard before a track', () => {
  it('began when it did, also where the sound of its beginning is lost', async () => {
    const hearing = await heard('side', [20, 180]);
    hearings.drop('side');
    hearings.insert({ ...hearing, fromMs: t0 });
    await nameGroup('side', track, { offsetSeconds: -100, speed: 1 });
    expect([written(), left()]).toEqual([[[120, 180]], [[0, 120]]]);
    expect(second(hearings.all()[0].soundFromMs)).toBe(20);
  });
});

describe('a track on a deck that runs fast', () => {
  it('ends so much earlier, and what follows it begins there', async () => {
    await heard('side', [0, 240]);
    const long = { ...track, duration_seconds: 126 };
    await nameGroup('side', long, { offsetSeconds: -63, speed: 1.05 });
    expect(written()).toEqual([[60, 180]]);
    expect(left()).toEqual([
      [180, 240],
      [0, 60],
    ]);
  });
});

describe('a disk that is full while the sound of a part is written', () => {
  const full = () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };

  it('leaves all as it was, and it is named when there is room again', async () => {
    await heard('side', [0, 180]);
    const before = hearings.all();
    let copies = 0;
    whileCopying = () => {
      copies += 1;
      if (copies === 2) full();
    };
    const place = { offsetSeconds: -60, speed: 1 };
    await expect(nameGroup('side', track, place)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect([hearings.all(), plays]).toEqual([before, []]);
    expect(files).toContain('side');
    whileCopying = () => undefined;
    await nameGroup('side', track, place);
    expect([written(), left()]).toEqual([
      [[60, 120]],
      [
        [120, 180],
        [0, 60],
      ],
    ]);
  });

  it('does not matter where the sound is gone already', async () => {
    await heard('side', [0, 180]);
    whileCopying = () => {
      files.clear();
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    };
    await nameGroup('side', track, { offsetSeconds: 0, speed: 1 });
    expect([written(), left(), hearings.all()[0].soundBytes]).toEqual([[[0, 60]], [[60, 180]], 0]);
    expect(troubles).toHaveLength(1);
  });
});

describe('while the sound of a part is written', () => {
  const place = { offsetSeconds: 0, speed: 1 };

  it('the group may be deleted, and stays so', async () => {
    await heard('side', [0, 180]);
    whileCopying = () => {
      hearings.drop('side');
      files.delete('side');
    };
    expect(await nameGroup('side', track, place)).toBe(0);
    expect([plays, hearings.all(), [...files]]).toEqual([[], [], []]);
  });

  it('its sound may be deleted, and stays so', async () => {
    await heard('side', [0, 180]);
    whileCopying = () => {
      hearings.soundGone('side');
      files.delete('side');
    };
    expect(await nameGroup('side', track, place)).toBe(1);
    expect([written(), left(), hearings.all()[0].soundBytes, [...files]]).toEqual([
      [[0, 60]],
      [[60, 180]],
      0,
      [],
    ]);
  });

  it('the group may be named by another answer, and is named once', async () => {
    await heard('side', [0, 180]);
    const both = await Promise.all([nameGroup('side', track, place), nameGroup('side', track, place)]);
    expect(both.sort()).toEqual([0, 1]);
    expect([written(), left()]).toEqual([[[0, 60]], [[60, 180]]]);
    expect(files).toEqual(new Set(hearings.all().map(({ id }) => id)));
  });

  it('the group may become part of another one, and is named there', async () => {
    const hearing = await heard('side', [0, 180]);
    const other = await heard('other', [1000, 1060]);
    hearings.place({ ...other, groupId: 'other' });
    whileCopying = () => {
      whileCopying = () => undefined;
      // It begins 20 s after the other one does.
      hearings.place({ ...hearing, groupId: 'other', offsetSeconds: 20 });
    };
    expect(await nameGroup('side', track, place)).toBe(2);
    expect(written().sort()).toEqual([
      [0, 60],
      [1000, 1060],
    ]);
  });
});
