import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Play, SideStatus } from '@pidentify/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clip, createBelief } from './belief.ts';
import { createCatalogue, type FileTags } from './library/catalogue.ts';
import { createListener } from './listen.ts';
import { createNowPlaying } from './now-playing.ts';
import { openSideRoom } from './side-room.ts';
import { openStore } from './store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const seconds = [70, 90, 80];

const counted = [{ trackNo: 1 }, { trackNo: 2 }, { trackNo: 3 }];

/** Hears an album of three tracks; nobody knows the sound of those in `unnamed`. */
async function playSide({
  unnamed = [],
  starts = [10, 82, 174],
  numbers = counted,
}: {
  unnamed?: number[];
  starts?: number[];
  numbers?: Partial<FileTags>[];
}) {
  const folder = mkdtempSync(join(tmpdir(), 'pidentify-side-'));
  folders.push(folder);
  const { store } = openStore(folder, () => new Date());
  const catalogue = createCatalogue(store);
  for (const [i, duration] of seconds.entries()) {
    const tags = { title: `Track ${i + 1}`, album: 'Album', ...numbers[i] };
    const file = { path: `/music/album/${i + 1}.flac`, size: 1, mtimeMs: 1 };
    catalogue.indexed(file, { trackKey: i + 1, contentId: `id-${i + 1}`, seconds: duration, tags });
  }
  let ids = 0;
  const newId = () => `entry-${++ids}`;
  const plays = new Map<string, Play>();
  const sides: (SideStatus | null)[] = [];
  const nowPlaying = createNowPlaying({
    track: catalogue.trackById,
    named: () => null,
    kept: () => null,
    findCover: async () => undefined,
    remember: (_, play) => plays.set(play.entry_id, play),
    display: () => undefined,
    onTrouble(error) {
      throw error;
    },
  });
  const side = openSideRoom({
    store,
    catalogue,
    newId,
    recalled: null,
    expectedEndMs: () => null,
    onStatus: (status) => sides.push(status),
    onTrouble(error) {
      throw error;
    },
  });
  const listener = createListener({
    belief: createBelief({ newId, recalled: null }),
    async identify(clip: Clip) {
      const on = starts.findLastIndex((start) => clip.endMs >= start * 1000 + 1900);
      if (on < 0 || unnamed.includes(on + 1)) return { kind: 'no_match' };
      const offsetSeconds = clip.startMs / 1000 - starts[on];
      return {
        kind: 'match',
        match: { trackId: `id-${on + 1}`, offsetSeconds, speed: 1, durationSeconds: seconds[on] },
      };
    },
    onDecisions: (decisions) => void nowPlaying.carryOut(side.follow(decisions)),
    onState: () => undefined,
    onTrouble(error) {
      throw error;
    },
  });
  for (let second = 0; second < 300; second += 0.25) {
    const isOn = starts.some((start, i) => second >= start && second < start + seconds[i]);
    const sound = isOn ? 'music' : 'noise';
    listener.hop({
      startMs: second * 1000,
      endMs: second * 1000 + 250,
      rms: isOn ? 0.1 : 0.002,
      peak: 0,
      sound,
    });
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    side.heard(second * 1000, listener.state().phase !== 'waiting');
  }
  await nowPlaying.carryOut([]);
  store.close();
  const written = [...plays.values()].sort((a, b) => a.started_at.localeCompare(b.started_at));
  return { written, sides };
}

describe('a side from the first track to the run-out', () => {
  it('is written, expected and finished', async () => {
    const { written, sides } = await playSide({});
    expect(written.map(({ track, inferred }) => [track.track_name, inferred])).toEqual([
      ['Track 1', undefined],
      ['Track 2', undefined],
      ['Track 3', undefined],
    ]);
    expect(sides.map((side) => side && [side.release, side.expected?.track_name, side.finished])).toEqual([
      ['Album', 'Track 3', false],
      ['Album', undefined, false],
      ['Album', undefined, true],
    ]);
  });

  it('is finished before the record is turned over, when its tracks are numbered as on it', async () => {
    const numbers = [
      { side: 'A', trackNo: 1 },
      { side: 'A', trackNo: 2 },
      { side: 'B', trackNo: 1 },
    ];
    const { written, sides } = await playSide({ numbers, starts: [10, 82, 200] });
    expect(written.map(({ track }) => [track.track_name, track.track_no])).toEqual([
      ['Track 1', 1],
      ['Track 2', 2],
      ['Track 3', 3],
    ]);
    const told = sides.map((side) => side && [side.expected?.track_name, side.finished]);
    expect(told).toEqual([
      [undefined, false],
      [undefined, true],
      null,
      [undefined, false],
      [undefined, true],
    ]);
  });

  it('has the track that nobody could name filled in, marked, at its true time', async () => {
    const { written } = await playSide({ unnamed: [2] });
    expect(written.map(({ track, inferred }) => [track.track_name, inferred])).toEqual([
      ['Track 1', undefined],
      ['Track 2', true],
      ['Track 3', undefined],
    ]);
    expect(Math.abs(Date.parse(written[1].started_at) - 82_000)).toBeLessThan(2500);
    expect(written[1].detected_at < written[2].detected_at).toBe(true);
  });
});
