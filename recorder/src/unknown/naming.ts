import { isDeepStrictEqual } from 'node:util';
import type { IdentifiedTrack } from '@pidentify/contracts';
import { iso } from '../iso.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { Matcher } from '../matcher.ts';
import type { NamedTracks } from '../named-tracks.ts';
import type { Outbox } from '../outbox.ts';
import { inTransaction, type Store } from '../store.ts';
import { type Hearing, type Hearings, isUnseparated } from './hearings.ts';
import { type PlaceInTrack, placeOf, placeOfGroup } from './place.ts';
import type { SoundFiles } from './sound-files.ts';
import { isHeardIn, type Pieces, type Split, uncut } from './split.ts';
import type { TakenBack } from './taken-back.ts';
import { createTeach } from './teach.ts';

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
  matcher: Pick<Matcher, 'add' | 'compare'>;
  /** Removes sounds from the index that stand for nothing any more. */
  sweep(): Promise<void>;
};

/**
 * A group has got a name: a play is written for each time it was heard, at its true time; a track that is no file
 * is learnt from it; what was kept of it goes. All of it or nothing, but for the files, which go last.
 */
export function createNaming(options: NamingOptions) {
  const { store, hearings, sounds, learnt, named, outbox, takenBack, files, split, matcher, sweep } = options;
  const teach = createTeach(options);

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

  /** Cuts each of these hearings; all of them or none. */
  async function cutAll(heard: readonly Hearing[], place: PlaceInTrack, length: number): Promise<Pieces[]> {
    const cut: Pieces[] = [];
    try {
      for (const hearing of heard) cut.push(await split.cut(hearing, placeOf(hearing, place), length));
    } catch (error) {
      await discard(cut);
      throw error;
    }
    return cut;
  }

  const discard = (cut: readonly Pieces[]) => split.discard(cut.flatMap(({ beside }) => beside));

  function write(cut: readonly Pieces[], track: IdentifiedTrack, place: PlaceInTrack): void {
    if (!track.file_path) named.remember(track);
    for (const { whole, named: hearing, beside, sounds: printed } of cut) {
      hearings.drop(whole.id);
      for (const each of printed) sounds.put(each);
      for (const each of beside) hearings.insert(each);
      writePlay(hearing, track, placeOf(hearing, place).speed);
      if (hearing.takenBack !== null) takenBack.renamed(hearing.takenBack, hearing.entryId);
    }
  }

  /** It is no hearing of what its group is, and is compared anew with all that is known. */
  function setApart(hearing: Hearing): void {
    hearings.place({ ...hearing, groupId: hearing.id, offsetSeconds: 0, speed: 1 });
    hearings.asked(hearing.id, 0);
  }

  /** Null: the group has changed meanwhile, and nothing was done. */
  async function nameNow(
    named: Hearing,
    track: IdentifiedTrack,
    its: PlaceInTrack,
    isAllOfIt: boolean,
  ): Promise<number | null> {
    const { groupId } = named;
    const place = placeOfGroup(named, its);
    const heard = hearings.ofGroup(groupId);
    const isEndless = !isAllOfIt && heard.some(isUnseparated);
    const length = !isAllOfIt && (track.duration_seconds || isEndless) ? lengthOf(track) : null;
    // In music without pauses nobody knows where the track ends.
    if (isEndless && length === null) return 0;
    const isIn = (hearing: Hearing) =>
      isAllOfIt || isHeardIn(hearing, placeOf(hearing, place), length ?? Number.POSITIVE_INFINITY);
    const inIt = heard.filter(isIn);
    const cut = length === null ? inIt.map(uncut) : await cutAll(inIt, place, length);
    try {
      const lessons = track.file_path ? [] : await teach.prepare(cut, track.track_id, place);
      // Deleted, named or found to be like others while the sound was written or compared.
      if (!isDeepStrictEqual(hearings.ofGroup(groupId), heard)) {
        await discard(cut);
        return null;
      }
      inTransaction(store, () => {
        write(cut, track, place);
        teach.learn(lessons, track.track_id);
        for (const hearing of heard) if (!inIt.includes(hearing)) setApart(hearing);
      });
    } catch (error) {
      await discard(cut);
      throw error;
    }
    const printed = cut.flatMap((each) => each.sounds);
    if (printed.length > 0) await matcher.add(printed);
    await sweep();
    for (const { whole } of cut) await files.remove(whole.id);
    return cut.length;
  }

  /**
   * Names the group that a hearing is in; `place`: where that hearing lies in the track. `isAllOfIt`: a person says what the whole
   * of it is. Gives how many plays were written; 0 where the name is that of a part which cannot be told from the rest, or the hearing
   * is no longer there. A hearing of the group in which the track was not heard becomes a group of its own. Throws Node's own errors
   * (`ENOSPC`): then all is as before.
   */
  return async function nameGroup(
    hearingId: string,
    track: IdentifiedTrack,
    place: PlaceInTrack,
    { isAllOfIt = false } = {},
  ): Promise<number> {
    for (;;) {
      // Its group may have become part of another one.
      const hearing = hearings.find(hearingId);
      const plays = hearing ? await nameNow(hearing, track, place, isAllOfIt) : 0;
      if (plays !== null) return plays;
    }
  };
}
export type NameGroup = ReturnType<typeof createNaming>;
