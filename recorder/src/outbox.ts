import { type IdentifiedTrack, type Play, playSchema } from '@pidentify/contracts';
import type { BelievedPlay } from './belief.ts';
import type { Store } from './store.ts';

/** Pauses before telling again what could not be told, ms; the last one repeats. */
const pausesMs = [500, 1000, 2000, 5000, 10_000];
const remembered = 200;

type OutboxOptions = {
  store: Store;
  /** Resolves when the server has written the play for good. */
  tell(play: Play): Promise<void>;
  onTrouble(error: unknown): void;
  /** So many plays are in memory only, because the disk did not take them; 0: all are written. */
  onHeld(plays: number, error: unknown): void;
};

/** A believed play as it is read back from JSON. */
type Stored = Omit<BelievedPlay, 'toleranceMs'> & { toleranceMs?: number | null };

/**
 * Plays on their way to the server's history. Each is written here first and told until the server says it
 * has it, so neither a dead server nor a dead bus loses one; telling twice is harmless (`entry_id`).
 */
export function createOutbox({ store, tell, onTrouble, onHeld }: OutboxOptions) {
  const put = store.prepare(
    `INSERT INTO plays (entry_id, believed, play, revision, detected_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (entry_id) DO UPDATE SET believed = excluded.believed, play = excluded.play, revision = excluded.revision
     WHERE excluded.revision > plays.revision`,
  );
  const untold = store.prepare(
    'SELECT play, revision FROM plays WHERE told_revision < revision ORDER BY detected_ms LIMIT 1',
  );
  const markTold = store.prepare('UPDATE plays SET told_revision = max(told_revision, ?) WHERE entry_id = ?');
  const drop = store.prepare('DELETE FROM plays WHERE entry_id = ?');
  const newest = store.prepare(
    "SELECT believed FROM plays WHERE believed <> 'null' ORDER BY detected_ms DESC LIMIT 1",
  );
  const kept = store.prepare('SELECT play FROM plays WHERE entry_id = ?');
  const forget = store.prepare(
    `DELETE FROM plays WHERE told_revision >= revision
     AND entry_id NOT IN (SELECT entry_id FROM plays ORDER BY detected_ms DESC LIMIT ${remembered})`,
  );
  /** Plays that the disk did not take, by entry. */
  const held = new Map<string, { believed: BelievedPlay; play: Play }>();
  let working = false;
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function work(): Promise<void> {
    clearTimeout(timer);
    if (working || closed) return;
    working = true;
    try {
      writeHeld();
      for (let row = next(); row && !closed; row = next()) {
        await tell(row.play);
        markTold.run(row.revision, row.play.entry_id);
        tries = 0;
      }
      forget.run();
      // What came to be held meanwhile began no timer.
      if (held.size > 0) later();
    } catch (error) {
      if (tries === 0 && held.size === 0) onTrouble(error);
      later();
    } finally {
      working = false;
    }
  }

  function next(): { play: Play; revision: number } | undefined {
    if (closed) return undefined;
    const row = untold.get() as { play: string; revision: number } | undefined;
    return row && { play: playSchema.parse(JSON.parse(row.play)), revision: row.revision };
  }

  function later(): void {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(work, pausesMs[Math.min(tries, pausesMs.length - 1)]);
    tries += 1;
  }

  function write(believed: BelievedPlay | null, play: Play): void {
    const { entry_id: entryId, revision, detected_at: detectedAt } = play;
    put.run(entryId, JSON.stringify(believed), JSON.stringify(play), revision, Date.parse(detectedAt));
  }

  /** Throws what the disk says while it takes nothing. */
  function writeHeld(): void {
    if (held.size === 0) return;
    for (const [entryId, { believed, play }] of held) {
      write(believed, play);
      held.delete(entryId);
    }
    onHeld(0, null);
  }

  return {
    /**
     * Keeps a play for good and begins to tell it; throws when the disk does not take it. `believed` is null for one that
     * was over when it got its name: it cannot go on.
     */
    put(believed: BelievedPlay | null, play: Play): void {
      write(believed, play);
      // After the transaction that this may be a part of.
      queueMicrotask(work);
    },
    /** As `put`, but what the disk does not take is kept in memory until it does. */
    keep(believed: BelievedPlay, play: Play): void {
      try {
        write(believed, play);
        if (held.delete(play.entry_id) && held.size === 0) onHeld(0, null);
        queueMicrotask(work);
      } catch (error) {
        held.set(play.entry_id, { believed, play });
        onHeld(held.size, error);
        if (!working) later();
      }
    },
    /** It was no play: it is not told any more. */
    forget: (entryId: string): void => void drop.run(entryId),
    /** Something changed for the better (the bus is back): tell at once what is left. */
    kick(): void {
      tries = 0;
      void work();
    },
    /** The play believed last while it was heard, of this run or an earlier one. */
    last(): BelievedPlay | null {
      const row = newest.get() as { believed: string } | undefined;
      if (!row) return null;
      const { toleranceMs, ...play } = JSON.parse(row.believed) as Stored;
      // JSON knows no Infinity and writes null.
      return {
        ...play,
        ...(toleranceMs !== undefined && { toleranceMs: toleranceMs ?? Number.POSITIVE_INFINITY }),
      };
    },
    /** The track of a play as it was kept last; null where there is none such, or it is long ago. */
    track(entryId: string): IdentifiedTrack | null {
      const row = kept.get(entryId) as { play: string } | undefined;
      const play = held.get(entryId)?.play ?? (row && playSchema.parse(JSON.parse(row.play)));
      return play?.track ?? null;
    },
    untold: (): boolean => untold.get() !== undefined,
    close(): void {
      closed = true;
      clearTimeout(timer);
      try {
        writeHeld();
      } catch (error) {
        onHeld(held.size, error);
      }
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
