import type { BelievedPlay } from '../belief.ts';
import type { TrackIndex } from '../library/keeper.ts';
import { inTransaction, type Store } from '../store.ts';
import type { Hear, HeardSound } from './hear.ts';
import type { Learnt } from './learnt.ts';
import type { Lesson, Lessons } from './lessons.ts';
import type { Sounds } from './sounds.ts';

/** Less than this is not enough to know a track by. */
const enoughSeconds = 15;

/** Two starts of one track that are farther apart are not the same. */
const movedMs = 1000;

type LearnerOptions = {
  store: Store;
  lessons: Lessons;
  sounds: Sounds;
  learnt: Learnt;
  hear: Hear;
  index: TrackIndex;
  /** The last play of an earlier run. */
  recalled: BelievedPlay | null;
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
  const { store, lessons, sounds, learnt, hear, index, recalled, newKey, isToLearn, onLearnt, onTrouble } =
    options;
  let working: Promise<void> | null = null;
  let closed = false;
  /** The sound of a track begins where the one before it ended. */
  let before = { entryId: '', endMs: 0 };
  // What it repeats would be heard at other places of what was learnt of it, while it still plays.
  lessons.endAllBut(recalled?.endMs === null ? recalled.entryId : null);

  async function learn(lesson: Lesson): Promise<void> {
    const sound = isUseful(lesson) ? await hear(lesson) : null;
    if (closed || !lessons.has(lesson.entryId)) return;
    const trackKey = sound && isUseful(sound, lesson) ? keep(lesson, sound) : null;
    if (trackKey === null || !sound) {
      lessons.drop(lesson.entryId);
      return;
    }
    await index.add([{ trackKey, fingerprint: sound.fingerprint }]);
    await index.remove(sounds.sweep());
    onLearnt(trackKey);
  }

  function isUseful(stretch: { fromMs: number; toMs: number }, lesson?: Lesson): boolean {
    if (stretch.toMs - stretch.fromMs < enoughSeconds * 1000) return false;
    return !lesson || learnt.isWorthwhile(lesson.trackId, spanOf(lesson, stretch));
  }

  /** In the database first: what the index lacks after a crash is added to it from here. */
  function keep(lesson: Lesson, { fingerprint, seconds, fromMs, toMs }: HeardSound): number {
    const trackKey = newKey();
    const { trackId, speed, entryId } = lesson;
    const { offsetSeconds } = spanOf(lesson, { fromMs, toMs });
    inTransaction(store, () => {
      sounds.put({ trackKey, fingerprint, seconds });
      learnt.add({ trackKey, trackId, offsetSeconds, speed, entryId });
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
      const hasMoved = Math.abs(positionMs - startMs) > movedMs;
      if (hasMoved || !isToLearn(trackId)) {
        lessons.drop(entryId);
        return;
      }
      lessons.put({ entryId, trackId, startMs, fromMs, toMs, speed }, { ended: play.endMs !== null });
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

const spanOf = (lesson: Lesson, { fromMs, toMs }: { fromMs: number; toMs: number }) => ({
  offsetSeconds: ((fromMs - lesson.startMs) / 1000) * lesson.speed,
  seconds: ((toMs - fromMs) / 1000) * lesson.speed,
});
