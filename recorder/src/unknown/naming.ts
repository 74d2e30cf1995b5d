import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Learnt } from '../learn/learnt.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { NamedTracks } from '../named-tracks.ts';
import type { Outbox } from '../outbox.ts';
import { inTransaction, type Store } from '../store.ts';
import { type Hearing, type Hearings, isUnseparated } from './hearings.ts';
import type { SoundFiles } from './sound-files.ts';
import type { Split } from './split.ts';
import type { TakenBack } from './taken-back.ts';

/** Where second 0 of a sound lies in a track (s), and how fast the track is played in it. */
export type PlaceInTrack = { offsetSeconds: number; speed: number };

type NamingOptions = {
  store: Store;
  hearings: Hearings;
  sounds: Sounds;
  learnt: Learnt;
  named: Pick<NamedTracks, 'remember'>;
  outbox: Pick<Outbox, 'put'>;
  takenBack: Pick<TakenBack, 'renamed'>;
  files: Pick<SoundFiles, 'remove'>;
  split: Split;
  /** Removes sounds from the index that stand for nothing any more. */
  sweep(): Promise<void>;
};

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * A group has got a name: a play is written for each time it was heard, at its true time; a track that is no file
 * is learnt from it; what was kept of it goes. All of it or nothing, but for the files, which go last.
 */
export function createNaming(options: NamingOptions) {
  const { store, hearings, sounds, learnt, named, outbox, takenBack, files, split, sweep } = options;

  function writePlay(hearing: Hearing, track: IdentifiedTrack, speed: number): void {
    const { entryId, fromMs, toMs } = hearing;
    outbox.put(null, {
      entry_id: entryId,
      revision: 1,
      detected_at: iso(fromMs),
      started_at: iso(fromMs),
      ended_at: iso(toMs),
      track,
      speed,
    });
  }

  function learn({ trackKey, entryId }: Hearing, trackId: string, place: PlaceInTrack): void {
    const seconds = (sounds.find(trackKey)?.seconds ?? 0) * place.speed;
    if (!learnt.isWorthwhile(trackId, { offsetSeconds: place.offsetSeconds, seconds })) return;
    learnt.add({ trackKey, trackId, ...place, entryId });
  }

  /** How long the track is, or as much of it as is known by its sound. */
  function lengthOf({ track_id, duration_seconds }: IdentifiedTrack): number | null {
    if (duration_seconds) return duration_seconds;
    const ends = learnt
      .pieces(track_id)
      .map(
        ({ trackKey, offsetSeconds, speed }) => offsetSeconds + (sounds.find(trackKey)?.seconds ?? 0) * speed,
      );
    return ends.length > 0 ? Math.max(...ends) : null;
  }

  /** False: in music without pauses nobody knows where the track ends. */
  async function separate(groupId: string, track: IdentifiedTrack, place: PlaceInTrack): Promise<boolean> {
    const heard = hearings.ofGroup(groupId);
    const length = track.duration_seconds || heard.some(isUnseparated) ? lengthOf(track) : null;
    if (length === null) return !heard.some(isUnseparated);
    for (const hearing of heard) await split(hearing, placeOf(hearing, place), length);
    return true;
  }

  /**
   * `place`: of the group's first hearing. `isAllOfIt`: a person says what the whole of it is. Gives how many plays were written;
   * 0 where the name is that of a part which cannot be told from the rest.
   */
  return async function nameGroup(
    groupId: string,
    track: IdentifiedTrack,
    place: PlaceInTrack,
    { isAllOfIt = false } = {},
  ): Promise<number> {
    if (!isAllOfIt && !(await separate(groupId, track, place))) return 0;
    const heard = hearings.ofGroup(groupId);
    inTransaction(store, () => {
      if (!track.file_path) named.remember(track);
      for (const hearing of heard) {
        const its = placeOf(hearing, place);
        writePlay(hearing, track, its.speed);
        if (!track.file_path) learn(hearing, track.track_id, its);
        if (hearing.takenBack !== null) takenBack.renamed(hearing.takenBack, hearing.entryId);
        hearings.drop(hearing.id);
      }
    });
    await sweep();
    for (const { id } of heard) await files.remove(id);
    return heard.length;
  };
}
export type NameGroup = ReturnType<typeof createNaming>;

/** Where a hearing lies in the track, from where the first one of its group does. */
function placeOf(hearing: Hearing, group: PlaceInTrack): PlaceInTrack {
  return {
    offsetSeconds: group.offsetSeconds + hearing.offsetSeconds * group.speed,
    speed: hearing.speed * group.speed,
  };
}

/** The other way round: where the first hearing of the group lies, from where this one does. */
export function placeOfGroup(hearing: Hearing, own: PlaceInTrack): PlaceInTrack {
  const speed = own.speed / hearing.speed;
  return { offsetSeconds: own.offsetSeconds - hearing.offsetSeconds * speed, speed };
}
