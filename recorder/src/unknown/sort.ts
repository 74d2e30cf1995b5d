import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Sounds } from '../learn/sounds.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Matcher } from '../matcher.ts';
import type { TrackMatch } from '../matcher-protocol.ts';
import { inTransaction, type Store } from '../store.ts';
import { type Hearing, type Hearings, isUnseparated, soundSecondsOf } from './hearings.ts';
import { findAlike, isAlike, type Likeness } from './likeness.ts';
import type { NameGroup } from './naming.ts';

/** Of two hearings of music without pauses so much must be alike. */
const sameShare = 0.5;

type SortOptions = {
  store: Store;
  matcher: Pick<Matcher, 'place'>;
  catalogue: Pick<Catalogue, 'track'>;
  sounds: Sounds;
  hearings: Hearings;
  nameGroup: NameGroup;
  /** The name for what was found, where it has one that may be given. */
  nameOf(found: readonly TrackMatch[]): { trackId: string; offsetSeconds: number; speed: number } | null;
  /** Facts of a track, with its cover. */
  factsOf(trackId: string): Promise<IdentifiedTrack | null>;
};

/** Compares a hearing with all that the index has: it gets a name, or finds its like among the unknown. */
export function createSort(options: SortOptions) {
  const { store, matcher, catalogue, sounds, hearings, nameGroup, nameOf, factsOf } = options;

  const lengthOf = (trackKey: number) =>
    catalogue.track(trackKey)?.seconds ?? sounds.find(trackKey)?.seconds ?? Number.POSITIVE_INFINITY;

  /** The hearing joins the group of each hearing it is like; groups that it connects become one. */
  function join(hearing: Hearing, alike: readonly Likeness[]): void {
    let joined = hearing;
    for (const likeness of alike) {
      const other = hearings.byKey(likeness.trackKey);
      if (!other || other.groupId === joined.groupId || !isSameMusic(hearing, other, likeness)) continue;
      const inOther = placed(other, likeness);
      for (const member of hearings.ofGroup(joined.groupId)) hearings.place(moved(member, joined, inOther));
      joined = { ...joined, ...inOther };
    }
  }

  return async function sort(hearing: Hearing): Promise<'named' | 'unnamed'> {
    const sound = sounds.find(hearing.trackKey);
    if (!sound) return 'unnamed';
    const alike = (await findAlike(matcher, sound)).filter((likeness) =>
      isAlike(likeness, sound.seconds, lengthOf(likeness.trackKey)),
    );
    const name = nameOf(alike);
    const track = name && (await factsOf(name.trackId));
    // It may have been named or deleted meanwhile.
    const now = hearings.find(hearing.id);
    if (!now) return 'named';
    if (name && track) await nameGroup(now.id, track, name);
    const left = hearings.find(hearing.id);
    if (!left) return 'named';
    inTransaction(store, () => join(left, alike));
    return 'unnamed';
  };
}
export type Sort = ReturnType<typeof createSort>;

/** Music without pauses is no hearing of a track in it, but of several. */
function isSameMusic(one: Hearing, other: Hearing, { seconds }: Likeness): boolean {
  if (!isUnseparated(one) && !isUnseparated(other)) return true;
  return seconds >= sameShare * Math.max(soundSecondsOf(one), soundSecondsOf(other));
}

type InGroup = Pick<Hearing, 'groupId' | 'offsetSeconds' | 'speed'>;

/** Where a sound lies in the group of another one that it is like. */
function placed(other: Hearing, { offsetSeconds, speed }: Likeness): InGroup {
  return {
    groupId: other.groupId,
    offsetSeconds: other.offsetSeconds + offsetSeconds * other.speed,
    speed: speed * other.speed,
  };
}

/** A member of a group that moves into another one, by where one of them lies in both. */
function moved(member: Hearing, from: InGroup, to: InGroup): Hearing {
  const scale = to.speed / from.speed;
  return {
    ...member,
    groupId: to.groupId,
    offsetSeconds: to.offsetSeconds + (member.offsetSeconds - from.offsetSeconds) * scale,
    speed: member.speed * scale,
  };
}
