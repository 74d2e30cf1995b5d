import type { BelievedPlay } from '../belief.ts';
import type { Matcher } from '../matcher.ts';
import { inTransaction, type Store } from '../store.ts';
import { createFindLearnt } from './alike.ts';
import type { Hear, HeardSound, Stretch } from './hear.ts';
import type { Learnt, Span } from './learnt.ts';
import type { Lesson, Lessons } from './lessons.ts';
import type { Sounds } from './sounds.ts';

/** Less than this is not enough to know a track by. */
const enoughSeconds = 15;

/** Two starts of one track that are farther apart are not the same; the speed they are reckoned with is known better with time. */
const moved = { ms: 1000, share: 0.004 };

type LearnerOptions = {
  store: Store;
  lessons: Lessons;
  sounds: Sounds;
  learnt: Learnt;
  hear: Hear;
  /** The last play of an earlier run. */
  recalled: BelievedPlay | null;
  matcher: Pick<Matcher, 'compare' | 'add' | 'remove'>;
  newKey(): number;
  /** True for a track that is no file of the user's. */
  isToLearn(trackId: string): boolean;
  /** A track was learnt from this sound of the index. */
  onLearnt(trackKey: number): void;
  onTrouble(error: unknown): void;
};

/**
 * Learns a track that a service or a person named from the sound that was heard, so that next time the local
 * index answers. One play at a time; what is to be learnt is in the database until it was.
 */
export function createLearner(options: LearnerOptions) {
  const { store, lessons, sounds, learnt, hear, matcher, recalled, newKey, isToLearn, onLearnt, onTrouble } =
    options;
  const findLearnt = createFindLearnt(options);
  let working: Promise<void> | null = null;
  let closed = false;
  /** The sound of a track begins where the one before it ended. */
  let before = { entryId: '', endMs: 0 };
  // What it repeats would be heard at other places of what was learnt of it, while it still plays.
  lessons.endAllBut(recalled?.endMs === null ? recalled.entryId : null);

  async function learn(lesson: Lesson): Promise<void> {
    const heard = isLongEnough(lesson) ? await hear(lesson) : null;
    const sound = heard && isLongEnough(heard) ? heard : null;
    const alike = sound && (await findLearnt(lesson.trackId, sound, placeOf(lesson, sound)));
    if (closed || !lessons.isDue(lesson)) return;
    if (!sound || !alike || !learnt.isWorthwhile(lesson.trackId, spanOf(lesson, sound), alike)) {
      lessons.drop(lesson.entryId);
      return;
    }
    const trackKey = keep(lesson, sound, alike);
    await matcher.add([{ trackKey, fingerprint: sound.fingerprint }]);
    await matcher.remove(sounds.sweep());
    onLearnt(trackKey);
  }

  /** In the database first: what the index lacks after a crash is added to it from here. */
  function keep(lesson: Lesson, sound: HeardSound, alike: ReadonlyMap<number, Span>): number {
    const trackKey = newKey();
    const { fingerprint, seconds } = sound;
    const { trackId, entryId } = lesson;
    inTransaction(store, () => {
      sounds.put({ trackKey, fingerprint, seconds });
      learnt.add({ trackKey, trackId, ...placeOf(lesson, sound), entryId }, alike);
      lessons.drop(entryId);
    });
    return trackKey;
  }

  async function work(): Promise<void> {
    for (let lesson = lessons.next(); lesson && !closed; lesson = lessons.next()) {
      try {
        await learn(lesson);
      } catch (error) {
        if (closed) return;
        onTrouble(error);
        // Whatever is wrong with this sound would be wrong again.
        lessons.drop(lesson.entryId);
      }
    }
  }

  function kick(): void {
    if (closed) return;
    working ??= work()
      .catch(onTrouble)
      .finally(() => {
        working = null;
      });
  }

  return {
    /** A play was written; `onsetMs`: when the music it was heard in began. */
    played(play: BelievedPlay, onsetMs: number): void {
      const { entryId, trackId, startMs, positionMs, speed } = play;
      const toMs = play.endMs ?? play.lastHeardMs;
      const fromMs = Math.max(startMs, onsetMs, before.entryId === entryId ? 0 : before.endMs);
      if (play.endMs !== null) before = { entryId, endMs: play.endMs };
      learnt.correct(entryId, trackId);
      // The deck stood still, or the needle jumped: the sound before it and after it has not the same places.
      const hasMoved = Math.abs(positionMs - startMs) > moved.ms + moved.share * (toMs - startMs);
      if (hasMoved || !isToLearn(trackId)) {
        lessons.drop(entryId);
        return;
      }
      lessons.put(
        { entryId, trackId, startMs: positionMs, fromMs, toMs, speed },
        { ended: play.endMs !== null },
      );
      if (play.endMs !== null) kick();
    },
    /** Goes on with what an earlier process left. */
    kick,
    settled: async (): Promise<void> => {
      while (working) await working;
    },
    close(): void {
      closed = true;
    },
  };
}
export type Learner = ReturnType<typeof createLearner>;

const isLongEnough = ({ fromMs, toMs }: Stretch) => toMs - fromMs >= enoughSeconds * 1000;

/** Where second 0 of a sound lies in the track (s), and how fast the track is played in it. */
const placeOf = ({ startMs, speed }: Lesson, { fromMs }: Stretch) => ({
  offsetSeconds: ((fromMs - startMs) / 1000) * speed,
  speed,
});

const spanOf = (lesson: Lesson, sound: Stretch): Span => ({
  offsetSeconds: placeOf(lesson, sound).offsetSeconds,
  seconds: ((sound.toMs - sound.fromMs) / 1000) * lesson.speed,
});
