import type { NowPlaying, Play } from '@pidentify/contracts';
import { describe, expect, it, vi } from 'vitest';
import type { BelievedPlay, Decision, Shown } from './belief.ts';
import { createFindCover } from './find-cover.ts';
import { createNowPlaying } from './now-playing.ts';

const believed: BelievedPlay = {
  entryId: '00000000-0000-4000-8000-000000000001',
  revision: 1,
  trackId: 'a',
  startMs: 10_000,
  positionMs: 10_000,
  detectedMs: 16_000,
  endMs: null,
  lastHeardMs: 16_000,
  speed: 1,
  durationSeconds: 100,
  votes: 2,
};
const shown: Shown = {
  certainty: 'tentative',
  trackId: 'a',
  startMs: 10_000,
  speed: 1,
  clip: { startMs: 11_000, endMs: 16_000 },
  offsetSeconds: 1,
  durationSeconds: 100,
  entryId: null,
};
const show: Decision = { kind: 'show', shown };
const write: Decision = { kind: 'write', play: believed };

function bench(cover: (path: string) => Promise<string | null>) {
  /** What the index knows of each track. */
  const titles = new Map([
    ['a', 'Song'],
    ['b', 'Other song'],
  ]);
  const displayed: (NowPlaying | null)[] = [];
  const plays: Play[] = [];
  const onTrouble = vi.fn();
  const nowPlaying = createNowPlaying({
    named: () => null,
    kept: (entryId) => plays.findLast(({ entry_id }) => entry_id === entryId)?.track ?? null,
    track(trackId) {
      const title = titles.get(trackId);
      if (title === undefined) return null;
      return {
        trackKey: 1,
        trackId,
        path: `/m/${trackId}.ogg`,
        seconds: 100,
        trackNo: null,
        tags: { title, artist: 'X' },
      };
    },
    findCover: createFindCover({ cover, onTrouble }),
    remember: (_, play) => plays.push(play),
    display: (now) => displayed.push(now),
    onTrouble,
  });
  return { nowPlaying, displayed, plays, titles, onTrouble };
}

describe('now playing', () => {
  it('shows at once and again when the cover was found', async () => {
    const { nowPlaying, displayed } = bench(async () => '/api/artwork/1.jpg');
    const done = nowPlaying.carryOut([show]);
    expect(displayed.at(-1)).toMatchObject({
      certainty: 'tentative',
      track: { track_name: 'Song', track_image: null },
    });
    await done;
    expect(displayed.at(-1)).toMatchObject({ track: { track_image: '/api/artwork/1.jpg' } });
  });

  it('keeps a play with its cover, asking for the cover once', async () => {
    const cover = vi.fn(async () => '/api/artwork/1.jpg');
    const { nowPlaying, plays } = bench(cover);
    await nowPlaying.carryOut([show]);
    await nowPlaying.carryOut([write, { kind: 'show', shown: { ...shown, certainty: 'confirmed' } }]);
    expect(plays).toMatchObject([
      { started_at: '1970-01-01T00:00:10.000Z', track: { track_image: '/api/artwork/1.jpg' } },
    ]);
    expect(cover).toHaveBeenCalledTimes(1);
  });

  it('keeps the play when the cover cannot be read', async () => {
    const { nowPlaying, plays, onTrouble } = bench(async () => {
      throw new Error('unreadable');
    });
    await nowPlaying.carryOut([write]);
    expect(plays).toHaveLength(1);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it('keeps plays while the cover of one cannot be had, and that cover when it comes after all', async () => {
    const late = Promise.withResolvers<string>();
    const cover = vi.fn((path: string) => (path === '/m/a.ogg' ? late.promise : Promise.resolve('/b.jpg')));
    const { nowPlaying, plays } = bench(cover);
    await nowPlaying.carryOut([write]);
    expect(plays).toMatchObject([{ track: { track_name: 'Song', track_image: null } }]);
    const other = { ...believed, entryId: '00000000-0000-4000-8000-000000000002', trackId: 'b' };
    await nowPlaying.carryOut([{ kind: 'write', play: other }]);
    expect(plays).toHaveLength(2);
    expect(cover).toHaveBeenCalledTimes(1);
    late.resolve('/a.jpg');
    await late.promise;
    await nowPlaying.carryOut([{ kind: 'write', play: { ...believed, revision: 2, endMs: 110_000 } }]);
    await nowPlaying.carryOut([{ kind: 'write', play: { ...other, revision: 2, endMs: 210_000 } }]);
    expect(plays.slice(2)).toMatchObject([
      { track: { track_image: '/a.jpg' } },
      { track: { track_image: '/b.jpg' } },
    ]);
  });

  it('goes on calling a play what it was called when its file is gone', async () => {
    const { nowPlaying, displayed, plays, titles } = bench(async () => '/a.jpg');
    await nowPlaying.carryOut([write]);
    titles.delete('a');
    await nowPlaying.carryOut([
      { kind: 'write', play: { ...believed, revision: 2 } },
      { kind: 'show', shown: { ...shown, certainty: 'confirmed', entryId: believed.entryId } },
    ]);
    expect(plays.at(-1)?.track).toEqual(plays[0].track);
    expect(plays[0].track).toMatchObject({ track_name: 'Song', track_image: '/a.jpg' });
    expect(displayed.at(-1)?.track).toMatchObject({ track_name: 'Song' });
  });

  it('shows no length that was told wrongly', async () => {
    const { nowPlaying, displayed } = bench(async () => null);
    await nowPlaying.carryOut([show]);
    expect(displayed.at(-1)?.track?.duration_seconds).toBe(100);
    await nowPlaying.carryOut([{ kind: 'show', shown: { ...shown, durationSeconds: null } }]);
    expect(displayed.at(-1)?.track?.duration_seconds).toBeNull();
  });

  it('clears the display', async () => {
    const { nowPlaying, displayed } = bench(async () => null);
    await nowPlaying.carryOut([show]);
    await nowPlaying.carryOut([{ kind: 'clear' }]);
    expect(displayed.at(-1)).toBeNull();
  });
});
