import { encodeTrackFingerprint, TrackFingerprint } from '@pidentify/fingerprint';
import type { Sounds } from '../learn/sounds.ts';
import type { TrackIndex } from '../library/keeper.ts';
import { inTransaction, type Store } from '../store.ts';
import { type Hearing, type Hearings, soundSecondsOf } from './hearings.ts';
import type { PlaceInTrack } from './naming.ts';
import type { SoundFiles } from './sound-files.ts';

/** Less beside a track is its own end that was told wrongly, or too little to be known by. */
const restSeconds = 30;

type SplitOptions = {
  store: Store;
  hearings: Hearings;
  sounds: Sounds;
  files: Pick<SoundFiles, 'copyPart' | 'remove'>;
  index: Pick<TrackIndex, 'add'>;
  newKey(): number;
  newId(): string;
  onTrouble(error: unknown): void;
};

/** Seconds of a sound. */
type Part = { from: number; to: number };

/**
 * Music without pauses is kept as one hearing, whatever tracks it is of. Once a track in it has a name, what was heard before and
 * after that track becomes unknown music of its own, with its own times, and the hearing is that of the track alone.
 */
export function createSplit(options: SplitOptions) {
  const { store, hearings, sounds, files, index, newKey, newId, onTrouble } = options;

  async function rest(hearing: Hearing, part: Part): Promise<Hearing> {
    const id = newId();
    const soundBytes = hearing.soundBytes > 0 ? await copied(hearing.id, id, part) : 0;
    const fromMs = hearing.soundFromMs + part.from * 1000;
    const toMs = hearing.soundFromMs + part.to * 1000;
    const alone = { groupId: id, offsetSeconds: 0, speed: 1, entryId: newId(), takenBack: null };
    return { ...alone, id, trackKey: newKey(), fromMs, soundFromMs: fromMs, toMs, soundBytes };
  }

  async function copied(from: string, to: string, part: Part): Promise<number> {
    try {
      return await files.copyPart(from, to, part);
    } catch (error) {
      // Its fingerprint stays.
      onTrouble(error);
      return 0;
    }
  }

  /** The hearing of the track alone. Its file is of the whole, and goes once it is named. */
  const narrowed = (hearing: Hearing, { from, to }: Part): Hearing => ({
    ...hearing,
    trackKey: newKey(),
    offsetSeconds: hearing.offsetSeconds + from * hearing.speed,
    fromMs: from > 0 ? hearing.soundFromMs + from * 1000 : hearing.fromMs,
    soundFromMs: hearing.soundFromMs + from * 1000,
    toMs: hearing.soundFromMs + to * 1000,
    soundBytes: 0,
  });

  /** `place`: where the sound lies in the track; `lengthSeconds`: of the track. */
  return async function split(hearing: Hearing, place: PlaceInTrack, lengthSeconds: number): Promise<void> {
    const sound = sounds.find(hearing.trackKey);
    const whole = { from: 0, to: soundSecondsOf(hearing) };
    const track = partOfTrack(whole, place, lengthSeconds);
    const beside = [
      { from: whole.from, to: track.from },
      { from: track.to, to: whole.to },
    ].filter(({ from, to }) => to > from);
    // What a person has taken back was a play of one track.
    if (!sound || beside.length === 0 || hearing.takenBack !== null) return;
    const print = new TrackFingerprint(sound.fingerprint);
    const pieces = [{ hearing: narrowed(hearing, track), part: track }];
    for (const part of beside) pieces.push({ hearing: await rest(hearing, part), part });
    const tracks = pieces.map(({ hearing: { trackKey }, part: { from, to } }) => ({
      trackKey,
      fingerprint: encodeTrackFingerprint(print.excerpt(from, to)).bytes,
      seconds: to - from,
    }));
    inTransaction(store, () => {
      hearings.drop(hearing.id);
      for (const each of tracks) sounds.put(each);
      for (const each of pieces) hearings.insert(each.hearing);
    });
    await index.add(tracks);
    await files.remove(hearing.id);
  };
}
export type Split = ReturnType<typeof createSplit>;

/** The part of a sound that is of the track; to its ends where little is left there. */
function partOfTrack(whole: Part, { offsetSeconds, speed }: PlaceInTrack, lengthSeconds: number): Part {
  const from = -offsetSeconds / speed;
  const to = from + lengthSeconds / speed;
  return {
    from: from - whole.from >= restSeconds ? from : whole.from,
    to: whole.to - to >= restSeconds ? to : whole.to,
  };
}
