import { encodeTrackFingerprint, TrackFingerprint } from '@pidentify/fingerprint';
import type { Sounds } from '../learn/sounds.ts';
import { type Hearing, soundSecondsOf } from './hearings.ts';
import type { PlaceInTrack } from './place.ts';
import type { SoundFiles } from './sound-files.ts';
import { shortestSeconds } from './unplayed.ts';

/** Less beside a track is its own end that was told wrongly, or too little to be known by. */
const restSeconds = 30;

type SplitOptions = {
  sounds: Pick<Sounds, 'find'>;
  files: Pick<SoundFiles, 'copyPart' | 'remove'>;
  newKey(): number;
  newId(): string;
  onTrouble(error: unknown): void;
};

/** Seconds of a sound. */
type Part = { from: number; to: number };

/** A hearing in which a track was found. */
export type Pieces = {
  whole: Hearing;
  /** The hearing of the track alone. */
  named: Hearing;
  /** What was heard before and after it. */
  beside: Hearing[];
  /** What these are known by, where that is not the sound of the whole. */
  sounds: { trackKey: number; fingerprint: Uint8Array; seconds: number }[];
};

/**
 * Music without pauses is kept as one hearing, whatever tracks it is of. Once a track in it has a name, what was heard before and
 * after that track becomes unknown music of its own, with its own times, and the hearing is that of the track alone.
 */
export function createSplit({ sounds, files, newKey, newId, onTrouble }: SplitOptions) {
  async function rest(hearing: Hearing, part: Part): Promise<Hearing> {
    const id = newId();
    const soundBytes = hearing.soundBytes > 0 ? await copied(hearing.id, id, part) : 0;
    const soundFromMs = hearing.soundFromMs + part.from * 1000;
    // Of its sound the beginning may be lost; when it was is known all the same.
    const fromMs = part.from > 0 ? soundFromMs : hearing.fromMs;
    const toMs = hearing.soundFromMs + part.to * 1000;
    const alone = { groupId: id, offsetSeconds: 0, speed: 1, entryId: newId(), takenBack: null };
    return { ...alone, id, trackKey: newKey(), fromMs, soundFromMs, toMs, soundBytes };
  }

  async function copied(from: string, to: string, part: Part): Promise<number> {
    try {
      return await files.copyPart(from, to, part);
    } catch (error) {
      // Only where the sound is gone already is its fingerprint all that can be kept.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      onTrouble(error);
      return 0;
    }
  }

  const narrowed = (hearing: Hearing, { from, to }: Part): Hearing => ({
    ...hearing,
    trackKey: newKey(),
    offsetSeconds: hearing.offsetSeconds + from * hearing.speed,
    fromMs: from > 0 ? hearing.soundFromMs + from * 1000 : hearing.fromMs,
    soundFromMs: hearing.soundFromMs + from * 1000,
    toMs: hearing.soundFromMs + to * 1000,
    soundBytes: 0,
  });

  async function discard(beside: readonly Hearing[]): Promise<void> {
    for (const { id } of beside) await files.remove(id);
  }

  return {
    /**
     * Writes the sound of what is beside the track; nothing else is changed. `place`: where the sound lies in the track;
     * `lengthSeconds`: of the track. Throws Node's own errors (`ENOSPC`).
     */
    async cut(hearing: Hearing, place: PlaceInTrack, lengthSeconds: number): Promise<Pieces> {
      const sound = sounds.find(hearing.trackKey);
      const whole = wholeOf(hearing);
      const track = partOfTrack(whole, place, lengthSeconds);
      const parts = [
        { from: whole.from, to: track.from },
        { from: track.to, to: whole.to },
      ].filter(({ from, to }) => to > from);
      // What a person has taken back was a play of one track.
      if (!sound || parts.length === 0 || hearing.takenBack !== null) return uncut(hearing);
      const beside: Hearing[] = [];
      try {
        for (const part of parts) beside.push(await rest(hearing, part));
      } catch (error) {
        await discard(beside);
        throw error;
      }
      const named = narrowed(hearing, track);
      const print = new TrackFingerprint(sound.fingerprint);
      const printed = [named, ...beside].map(({ trackKey }, i) => {
        const { from, to } = i === 0 ? track : parts[i - 1];
        const { bytes: fingerprint } = encodeTrackFingerprint(print.excerpt(from, to));
        return { trackKey, fingerprint, seconds: to - from };
      });
      return { whole: hearing, named, beside, sounds: printed };
    },
    /** Removes what was written for pieces that are not to be. */
    discard,
  };
}
export type Split = ReturnType<typeof createSplit>;

/** All of a hearing is the track. */
export const uncut = (hearing: Hearing): Pieces => ({
  whole: hearing,
  named: hearing,
  beside: [],
  sounds: [],
});

const wholeOf = (hearing: Hearing): Part => ({ from: 0, to: soundSecondsOf(hearing) });

/** Where the track lies in a sound, which may have only a part of it. */
const spanOf = ({ offsetSeconds, speed }: PlaceInTrack, lengthSeconds: number): Part => ({
  from: -offsetSeconds / speed,
  to: (lengthSeconds - offsetSeconds) / speed,
});

/**
 * Whether the track was heard in this hearing at all. Groups grow from like to like, so one may lie beside the track, or hold no
 * more of it than places and lengths are off by.
 */
export function isHeardIn(hearing: Hearing, place: PlaceInTrack, lengthSeconds: number): boolean {
  const whole = wholeOf(hearing);
  const track = spanOf(place, lengthSeconds);
  const heardSeconds = Math.min(whole.to, track.to) - Math.max(whole.from, track.from);
  return heardSeconds >= Math.min(shortestSeconds, whole.to, track.to - track.from) / 2;
}

/** The part of a sound that is of the track; to its ends where little is left there. */
function partOfTrack(whole: Part, place: PlaceInTrack, lengthSeconds: number): Part {
  const { from, to } = spanOf(place, lengthSeconds);
  return {
    from: from - whole.from >= restSeconds ? from : whole.from,
    to: whole.to - to >= restSeconds ? to : whole.to,
  };
}
