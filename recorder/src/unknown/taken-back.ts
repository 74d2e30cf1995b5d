import type { WrongTrack } from '@pidentify/contracts';
import type { Stretch } from '../learn/hear.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Lessons } from '../learn/lessons.ts';
import type { Refusals } from '../learn/refusals.ts';
import type { Outbox } from '../outbox.ts';
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
  const all = store.prepare('SELECT * FROM taken_back ORDER BY rowid DESC');
  const drop = store.prepare('DELETE FROM taken_back WHERE entry_id = ?');
  const renamed = store.prepare(
    'INSERT INTO renamed (entry_id, as_entry_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const renamedAs = store.prepare(
    `WITH RECURSIVE later (entry_id) AS (
       SELECT as_entry_id FROM renamed WHERE entry_id = ?
       UNION SELECT as_entry_id FROM renamed JOIN later USING (entry_id))
     SELECT entry_id FROM later`,
  );

  /** The newest first. */
  const list = () =>
    (all.all() as Row[]).map((row) => ({
      entryId: row.entry_id,
      trackId: row.track_id,
      fromMs: row.from_ms,
      toMs: row.to_ms,
    }));

  return {
    put: (wrong: WrongName): void => void put.run(wrong),
    /**
     * Wrong names of a stretch of time, the one that covers most of it first; of those that cover as much of it the newest, which
     * is the last wrong name of the same music.
     */
    during: (stretch: Stretch): WrongName[] =>
      list()
        .filter((wrong) => Math.max(shared(wrong, stretch), shared(stretch, wrong)) > 0.2)
        .sort((a, b) => tenths(shared(stretch, b)) - tenths(shared(stretch, a))),
    of: (entryId: string): WrongName[] => list().filter((wrong) => wrong.entryId === entryId),
    drop: (entryId: string): void => void drop.run(entryId),
    /** What was heard in a play that was taken back has become another play, under another name. */
    renamed: (entryId: string, asEntryId: string): void => void renamed.run(entryId, asEntryId),
    /** All that it became; one that was wrong as well may have become others. */
    renamedAs: (entryId: string): string[] =>
      (renamedAs.all(entryId) as { entry_id: string }[]).map((row) => row.entry_id),
  };
}
/** The ends of a sound are some milliseconds off those of the play in which it was heard. */
const tenths = (share: number) => Math.round(share * 10);
export type TakenBack = ReturnType<typeof createTakenBack>;

type TakeBackOptions = {
  store: Store;
  takenBack: TakenBack;
  plays: HeardPlays;
  learnt: Learnt;
  lessons: Lessons;
  refusals: Refusals;
  stretches: UnnamedStretches;
  outbox: Pick<Outbox, 'forget'>;
  /** Whether any sound of this stretch is still kept. */
  isKept(stretch: Stretch): boolean;
  now(): number;
};

/**
 * "Wrong track": what was learnt from this play is unlearnt (all that was learnt of the track by services, when no sound is
 * left by which to tell this one from others), and the stretch in which it was heard is to be kept as unknown; that sound
 * will not get this name again. A file of the library cannot be unlearnt: for it the refusal is all.
 */
export function createTakeBack(options: TakeBackOptions) {
  const { store, takenBack, plays, learnt, lessons, refusals, stretches, outbox, isKept, now } = options;

  /** In which stretches, and under which names; a play of long ago is known by what the history says alone. */
  function heardIn({
    entry_id,
    track_ids,
    started_at,
    ended_at,
  }: WrongTrack): (WrongName & { isLast: boolean })[] {
    const known = plays.of(entry_id);
    if (known.length > 0)
      return known.map((each, i) => ({
        ...each,
        toMs: Number.isFinite(each.toMs) ? each.toMs : now(),
        isLast: i === known.length - 1,
      }));
    const fromMs = started_at === null ? Number.NaN : Date.parse(started_at);
    const toMs = ended_at === null ? fromMs : Date.parse(ended_at);
    return track_ids.map((trackId) => ({ entryId: entry_id, trackId, fromMs, toMs, isLast: true }));
  }

  return {
    /** Gives the tracks that must not be shown any more while this music goes on; none when the play is over. */
    wrong({ entry_id, track_ids, started_at, ended_at }: WrongTrack): string[] {
      const isOn = plays.isOn(entry_id);
      const heard = heardIn({ entry_id, track_ids, started_at, ended_at });
      inTransaction(store, () => {
        for (const { trackId, fromMs, toMs } of heard)
          if (Number.isFinite(fromMs)) takenBack.put({ entryId: entry_id, trackId, fromMs, toMs });
        const isLeft = heard.some(isKept) || learnt.heardIn(entry_id) !== null;
        for (const trackId of new Set(heard.map((each) => each.trackId)))
          learnt.takeBack(trackId, entry_id, { everything: !isLeft });
        lessons.drop(entry_id);
        plays.drop(entry_id);
        // While it goes on, it is kept when the music ends, as everything else without a name.
        for (const { fromMs, toMs, isLast } of heard)
          if (toMs > fromMs && !(isOn && isLast)) stretches.put({ fromMs, toMs, takenBack: entry_id });
      });
      return isOn ? heard.map(({ trackId }) => trackId) : [];
    },
    /** It was right after all. Gives the plays that are none any more: what was taken back had been named anew. */
    right(entryId: string): string[] {
      const renamed = takenBack.renamedAs(entryId);
      inTransaction(store, () => {
        for (const wrong of takenBack.of(entryId)) plays.put(wrong);
        takenBack.drop(entryId);
        refusals.undo(entryId);
        learnt.giveBack(entryId);
        stretches.dropTakenBack(entryId);
        for (const entry of renamed) {
          learnt.forget(entry);
          outbox.forget(entry);
          stretches.dropTakenBack(entry);
        }
      });
      return renamed;
    },
  };
}
export type TakeBack = ReturnType<typeof createTakeBack>;
