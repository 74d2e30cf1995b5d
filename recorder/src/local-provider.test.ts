import { describe, expect, it } from 'vitest';
import { answerFrom, localProvider } from './local-provider.ts';
import type { Expected } from './matcher-protocol.ts';

const found = (trackKey: number, significance: number) => ({
  trackKey,
  offsetSeconds: 12,
  speed: 1.01,
  significance,
});
/** Keys from 1 on are files, from 10 on learnt sounds of the track `audd:1`, from 20 on sounds without a name. */
const answer = (
  matches: ReturnType<typeof found>[],
  refused: Record<number, string> = {},
  record: string[] = [],
) =>
  answerFrom(matches, {
    catalogue: {
      track: (trackKey) =>
        trackKey < 10
          ? {
              trackKey,
              trackId: `file-${trackKey}`,
              path: '/x',
              seconds: 200,
              trackNo: null,
              tags: { title: 'X' },
            }
          : null,
    },
    learnt: {
      piece: (trackKey) =>
        trackKey >= 10 && trackKey < 20
          ? { trackKey, trackId: 'audd:1', offsetSeconds: 30, speed: 1.02, entryId: null }
          : null,
    },
    fits: (trackId) => record.includes(trackId),
    refusals: { of: (keys) => new Set(keys.flatMap((key) => refused[key] ?? [])) },
    named: (trackId) => ({ track_id: trackId, source: 'audd', track_name: 'Song', duration_seconds: 180 }),
  })?.match ?? null;

/** What the index is told to expect for a clip of wall-clock time [startMs, endMs). */
async function expectedFor(
  clip: { startMs: number; endMs: number },
  due: { trackId: string; notBeforeMs: number } | null,
): Promise<Expected | null | undefined> {
  let told: Expected | null | undefined;
  const provider = localProvider({
    matcher: {
      async query(_, expected) {
        told = expected;
        return [];
      },
    },
    catalogue: {
      track: () => null,
      trackById: (trackId) =>
        trackId === 'file-2'
          ? { trackKey: 2, trackId, path: '/x', seconds: 200, trackNo: null, tags: { title: 'X' } }
          : null,
    },
    learnt: { piece: () => null },
    refusals: { of: () => new Set() },
    named: () => null,
    next: () => due,
    onRefused: () => undefined,
  });
  await provider.identify({ ...clip, pcm: new Float32Array(0) }, AbortSignal.timeout(1000), {
    belief: 'none',
    heardMs: 0,
  });
  return told;
}

describe('what the local index answers', () => {
  it('is told which track is due, and how far the clip may begin into it', async () => {
    const clip = { startMs: 100_000, endMs: 103_000 };
    const due = { trackId: 'file-2', notBeforeMs: 93_000 };
    expect(await expectedFor(clip, due)).toEqual({ trackKey: 2, withinSeconds: 7 });
    expect(await expectedFor({ ...clip, startMs: 90_000 }, due)).toEqual({ trackKey: 2, withinSeconds: 2 });
    expect(await expectedFor(clip, null)).toBeNull();
    expect(await expectedFor(clip, { ...due, trackId: 'removed since' })).toBeNull();
  });

  it('a learnt sound answers with the place in its track and the true speed', () => {
    const match = answer([found(10, 50)]);
    expect(match).toMatchObject({ trackId: 'audd:1', durationSeconds: 180 });
    expect(match?.offsetSeconds).toBeCloseTo(30 + 12 * 1.02);
    expect(match?.speed).toBeCloseTo(1.01 * 1.02);
  });

  it('a file wins over the same track as it was learnt, but not over one that fits far better', () => {
    expect(answer([found(10, 50), found(1, 40)])?.trackId).toBe('file-1');
    expect(answer([found(10, 50), found(1, 17)])?.trackId).toBe('file-1');
    expect(answer([found(10, 50), found(1, 9)])?.trackId).toBe('audd:1');
  });

  it('a recording that is on two releases is of the one that has been playing, unless it fits far worse', () => {
    expect(answer([found(1, 50), found(2, 45)], {}, ['file-2'])?.trackId).toBe('file-2');
    expect(answer([found(1, 50), found(2, 22)], {}, ['file-2'])?.trackId).toBe('file-2');
    expect(answer([found(1, 50), found(2, 15)], {}, ['file-2'])?.trackId).toBe('file-1');
  });

  it('a sound that nobody has named is no answer', () => {
    expect(answer([found(20, 50)])).toBeNull();
    expect(answer([found(20, 50), found(2, 30)])?.trackId).toBe('file-2');
  });

  it('what a person said a sound is not is not answered for that sound', () => {
    expect(answer([found(20, 50), found(1, 40), found(2, 30)], { 20: 'file-1' })?.trackId).toBe('file-2');
    expect(answer([found(20, 50), found(10, 40)], { 20: 'audd:1' })).toBeNull();
    expect(answer([found(1, 50), found(20, 22)], { 20: 'file-1' })).toBeNull();
    expect(answer([found(1, 40)], { 20: 'file-1' })?.trackId).toBe('file-1');
  });

  it('a track is not kept from its name by a refused sound that is merely like it', () => {
    expect(answer([found(1, 40), found(20, 5)], { 20: 'file-1' })?.trackId).toBe('file-1');
  });
});
