import type { IdentifiedTrack, NowPlaying, Play } from '@pidentify/contracts';
import type { BelievedPlay, Decision, Shown } from './belief.ts';
import type { FindCover } from './find-cover.ts';
import { iso } from './iso.ts';
import type { CatalogueTrack } from './library/catalogue.ts';

type NowPlayingOptions = {
  track(trackId: string): CatalogueTrack | null;
  /** A track that is no file of the user's. */
  named(trackId: string): IdentifiedTrack | null;
  /** The track of a play as it was kept last. */
  kept(entryId: string): IdentifiedTrack | null;
  /** Asked once a track. */
  findCover: FindCover;
  /** Keeps a play for good and tells it. */
  remember(believed: BelievedPlay, play: Play): void;
  display(nowPlaying: NowPlaying | null): void;
  onTrouble(error: unknown): void;
};

/**
 * Carries out what was decided: plays are kept at once, the display follows with the cover when it is there. A cover that is
 * not there in time comes with the next revision of the play.
 */
export function createNowPlaying(options: NowPlayingOptions) {
  const { track, named, kept, findCover, remember, display, onTrouble } = options;
  const covers = new Map<string, string | null>();
  let shown: Shown | null = null;
  let queue: Promise<void> = Promise.resolve();

  function identified(trackId: string, entryId: string | null): IdentifiedTrack {
    const known = track(trackId);
    if (known) return factsOfFile(known, covers.get(trackId) ?? null);
    // Where its file is gone, a play is still called what it was called.
    const before = entryId === null ? null : kept(entryId);
    const standIn = { track_id: trackId, source: 'local', track_name: 'Unknown track' };
    return named(trackId) ?? (before?.track_id === trackId ? before : standIn);
  }

  function write(play: BelievedPlay): void {
    remember(play, {
      entry_id: play.entryId,
      revision: play.revision,
      detected_at: iso(play.detectedMs),
      started_at: iso(play.startMs),
      ended_at: play.endMs === null ? null : iso(play.endMs),
      track: identified(play.trackId, play.entryId),
      speed: play.speed,
      ...(play.inferred && { inferred: true }),
    });
  }

  function showNow(): void {
    if (!shown) {
      display(null);
      return;
    }
    const { trackId, certainty, startMs, clip, offsetSeconds, speed, entryId, durationSeconds } = shown;
    const track = identified(trackId, entryId);
    display({
      track: durationSeconds === null ? { ...track, duration_seconds: null } : track,
      certainty,
      started_at: iso(startMs),
      recorded_at: iso(clip.startMs),
      offset: offsetSeconds,
      speed,
      entry_id: entryId,
    });
  }

  /** Finds the cover once; a track shown without it is shown again. Resolves when it is there, or takes too long. */
  async function coverOf(trackId: string): Promise<void> {
    const path = track(trackId)?.path;
    if (path === undefined || covers.has(trackId)) return;
    await findCover(path, (image) => {
      covers.set(trackId, image);
      if (image && shown?.trackId === trackId) showNow();
    });
  }

  async function carryOutInTurn(decisions: readonly Decision[]): Promise<void> {
    if (shown) await coverOf(shown.trackId);
    for (const decision of decisions) {
      if (decision.kind !== 'write') continue;
      await coverOf(decision.play.trackId);
      write(decision.play);
    }
  }

  return {
    /** The display changes at once; plays are kept in order, each with its cover. Resolves when all is kept. */
    carryOut(decisions: readonly Decision[]): Promise<void> {
      for (const decision of decisions) {
        if (decision.kind === 'clear') shown = null;
        else if (decision.kind === 'show') shown = decision.shown;
      }
      showNow();
      queue = queue.then(() => carryOutInTurn(decisions)).catch(onTrouble);
      return queue;
    },
  };
}

/** `image`: web address of its cover, or null. */
export function factsOfFile(
  { trackId, trackNo, tags, path, seconds }: CatalogueTrack,
  image: string | null,
): IdentifiedTrack {
  return {
    track_id: trackId,
    source: 'local',
    track_name: tags.title,
    artist_name: tags.artist ?? null,
    album_name: tags.album ?? null,
    track_no: trackNo,
    label: tags.label ?? null,
    released: tags.released ?? null,
    track_image: image,
    duration_seconds: seconds,
    file_path: path,
  };
}
