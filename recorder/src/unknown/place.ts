import type { Hearing } from './hearings.ts';

/** Where second 0 of a sound lies in a track (s), and how fast the track is played in it. */
export type PlaceInTrack = { offsetSeconds: number; speed: number };

/** Where a hearing lies in the track, from where the first one of its group does. */
export function placeOf(hearing: Hearing, group: PlaceInTrack): PlaceInTrack {
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
