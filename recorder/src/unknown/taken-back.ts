import type { WrongTrack } from '@pidentify/contracts';
import type { Stretch } from '../learn/hear.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Lessons } from '../learn/lessons.ts';
import type { Refusals } from '../learn/refusals.ts';
import { inTransaction, type Store } from '../store.ts';
import { shared } from './keep.ts';
import type { HeardPlays } from './plays.ts';
import type { UnnamedStretches } from './unnamed.ts';

/** A name that a person said a stretch of sound does not have. */
export type WrongName = Stretch & { entryId: string; trackId: string };

type Row = { entry_id: string; track_id: string; from_ms: number; to_ms: number };

/** Which plays were taken back, in which time. */
export function createTakenBack(store: Store) {
  const put = store.prepare(
    `INSERT INTO taken_back (entry_id, track_id, from_ms, to_ms) VALUES (:entryId, :trackId, :fromMs, :toMs)
     ON CONFLICT DO NOTHING`,
  );
  const all = store.prepare('SELECT * FROM taken_back');
  const drop = store.prepare('DELETE FROM taken_back WHERE entry_id = ?');

  const list = () =>
    (all.all() as Row[]).map((row) => ({
      entryId: row.entry_id,
      trackId: row.track_id,
      fromMs: row.from_ms,
      toMs: row.to_ms,
    }));

  return {
    put: (wrong: WrongName): void => void put.run(wrong),
    /** Wrong names of a stretch of time, the one that covers most of it first. */
    during: (stretch: Stretch): WrongName[] =>
      list()
        .filter((wrong) => Math.max(shared(wrong, stretch), shared(stretch, wrong)) > 0.2)
        .sort((a, b) => shared(stretch, b) - shared(stretch, a)),
    of: (entryId: string): WrongName[] => list().filter((wrong) => wrong.entryId === entryId),
    drop: (entryId: string): void => void drop.run(entryId),
  };
}
export type TakenBack = ReturnType<typeof createTakenBack>;

type TakeBackOptions = {
  store: Store;
  takenBack: TakenBack;
  plays: HeardPlays;
  learnt: Learnt;
  lessons: Lessons;
  refusals: Refusals;
  stretches: UnnamedStretches;
  now(): number;
};

/**
 * "Wrong track": the name is unlearnt, and the stretch in which it was heard is to be kept as unknown; that sound
 * will not get this name again. A file of the library cannot be unlearnt: for it the refusal is all.
 */
export function createTakeBack(options: TakeBackOptions) {
  const { store, takenBack, plays, learnt, lessons, refusals, stretches, now } = options;

  return {
    /** Gives the tracks that must not be shown any more while this music goes on; none when the play is over. */
    wrong({ entry_id, track_ids, started_at, ended_at }: WrongTrack): string[] {
      const known = plays.find(entry_id);
      const isOn = plays.isOn(entry_id);
      const trackIds = known ? [known.trackId] : track_ids;
      const fromMs = known?.fromMs ?? (started_at === null ? null : Date.parse(started_at));
      const toMs = isOn ? now() : (known?.toMs ?? (ended_at === null ? fromMs : Date.parse(ended_at)));
      inTransaction(store, () => {
        for (const trackId of trackIds) {
          learnt.takeBack(trackId, entry_id);
          if (fromMs !== null && toMs !== null) takenBack.put({ entryId: entry_id, trackId, fromMs, toMs });
        }
        lessons.drop(entry_id);
        plays.drop(entry_id);
        // While it goes on, it is kept when the music ends, as everything else without a name.
        if (!isOn && fromMs !== null && toMs !== null && toMs > fromMs)
          stretches.put({ fromMs, toMs, takenBack: entry_id });
      });
      return isOn ? trackIds : [];
    },
    /** It was right after all. */
    right(entryId: string): void {
      inTransaction(store, () => {
        for (const wrong of takenBack.of(entryId)) plays.put(wrong);
        takenBack.drop(entryId);
        refusals.undo(entryId);
        learnt.giveBack(entryId);
        stretches.dropTakenBack(entryId);
      });
    },
  };
}
export type TakeBack = ReturnType<typeof createTakeBack>;
