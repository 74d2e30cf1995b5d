import type { Store } from '../store.ts';

/** A sound that stands for (a part of) a track. Seconds of the sound times `speed` are seconds of the track. */
export type LearntPiece = {
  trackKey: number;
  trackId: string;
  /** Second of the track at which the sound begins. */
  offsetSeconds: number;
  speed: number;
  /** The play in which it was heard. */
  entryId: string | null;
};

type Row = {
  track_key: number;
  track_id: string;
  offset_seconds: number;
  speed: number;
  entry_id: string | null;
  seconds: number;
};

/** Seconds of a track. */
export type Span = { offsetSeconds: number; seconds: number };

/** A further piece has to bring so much of the track that no other one has which sounds like it. */
export const worthwhileSeconds = 10;
/** Of one recording. */
const mostPieces = 8;
/** Of all recordings of one name: what is heard next is compared with each of them. */
const mostOfTrack = 4 * mostPieces;

const toPiece = (row: Row): LearntPiece => ({
  trackKey: row.track_key,
  trackId: row.track_id,
  offsetSeconds: row.offset_seconds,
  speed: row.speed,
  entryId: row.entry_id,
});

/** Which sounds stand for which named track. */
export function createLearnt(store: Store) {
  const joined = `SELECT learnt.*, seconds FROM learnt JOIN sounds USING (track_key)
    WHERE taken_back_by IS NULL AND`;
  const byKey = store.prepare(`${joined} track_key = ?`);
  const byTrack = store.prepare(`${joined} track_id = ? ORDER BY seconds * speed DESC`);
  const insert = store.prepare(
    'INSERT OR REPLACE INTO learnt (track_key, track_id, offset_seconds, speed, entry_id) VALUES (?, ?, ?, ?, ?)',
  );
  const heardIn = store.prepare('SELECT track_key FROM learnt WHERE entry_id = ?');
  const remove = store.prepare('DELETE FROM learnt WHERE track_key = ?');
  // Keys are given in order. What was taken back is not compared with anything.
  const removeOldest = store.prepare(
    `DELETE FROM learnt WHERE track_key IN (
       SELECT track_key FROM learnt WHERE track_id = :trackId AND taken_back_by IS NULL
       ORDER BY track_key = :trackKey DESC, track_key DESC LIMIT -1 OFFSET ${mostOfTrack})`,
  );
  const correct = store.prepare('DELETE FROM learnt WHERE entry_id = ? AND track_id <> ?');
  const takeBack = store.prepare(
    `UPDATE learnt SET taken_back_by = :entryId WHERE track_id = :trackId AND taken_back_by IS NULL
     AND (entry_id = :entryId OR (:everything = 1 AND :trackId NOT LIKE 'person:%'))`,
  );
  const forget = store.prepare('DELETE FROM learnt WHERE entry_id = ?');
  const giveBack = store.prepare('UPDATE learnt SET taken_back_by = NULL WHERE taken_back_by = ?');

  const rows = (trackId: string) => byTrack.all(trackId) as Row[];

  return {
    piece(trackKey: number): LearntPiece | null {
      const row = byKey.get(trackKey) as Row | undefined;
      return row ? toPiece(row) : null;
    },
    pieces: (trackId: string): LearntPiece[] => rows(trackId).map(toPiece),
    /** The sound that was learnt from a play, also when that was taken back. */
    heardIn: (entryId: string): number | null => (heardIn.get(entryId) as Row | undefined)?.track_key ?? null,
    /**
     * True when a piece of the track brings something new. `alike`: where pieces that sound like it lie in the track, by its own
     * place. Another recording of the same name covers nothing of it.
     */
    isWorthwhile(trackId: string, span: Span, alike: ReadonlyMap<number, Span>): boolean {
      const others = rows(trackId).flatMap((row) => alike.get(row.track_key) ?? []);
      return uncovered(span, others) >= worthwhileSeconds;
    },
    /**
     * The sound under `trackKey` stands for the track; pieces that sound like it and that it makes superfluous are dropped, and
     * the oldest others where there are too many.
     */
    add(piece: LearntPiece, alike: ReadonlyMap<number, Span>): void {
      insert.run(piece.trackKey, piece.trackId, piece.offsetSeconds, piece.speed, piece.entryId);
      const kept: Span[] = [];
      for (const row of rows(piece.trackId)) {
        const span = row.track_key === piece.trackKey ? spanOf(row) : alike.get(row.track_key);
        if (!span) continue;
        const isNeeded = uncovered(span, kept) >= worthwhileSeconds || kept.length === 0;
        if (isNeeded && kept.length < mostPieces) kept.push(span);
        else remove.run(row.track_key);
      }
      removeOldest.run({ trackId: piece.trackId, trackKey: piece.trackKey });
    },
    /** The play was of another track than was thought: what was learnt from it under another name goes. */
    correct: (entryId: string, trackId: string): void => void correct.run(entryId, trackId),
    /**
     * A play was of another track: what was learnt from it is not answered any more until `giveBack`. `everything`: nor what
     * was learnt of the track elsewhere, unless a person had named it.
     */
    takeBack: (trackId: string, entryId: string, { everything }: { everything: boolean }): void =>
      void takeBack.run({ entryId, trackId, everything: everything ? 1 : 0 }),
    /** There was no such play. */
    forget: (entryId: string): void => void forget.run(entryId),
    giveBack: (entryId: string): void => void giveBack.run(entryId),
  };
}
export type Learnt = ReturnType<typeof createLearnt>;

const spanOf = (row: Row): Span => ({ offsetSeconds: row.offset_seconds, seconds: row.seconds * row.speed });

/** Seconds of a span that none of the others has. */
export function uncovered(span: Span, others: readonly Span[]): number {
  const end = span.offsetSeconds + span.seconds;
  let at = span.offsetSeconds;
  let seconds = 0;
  for (const other of [...others].sort((a, b) => a.offsetSeconds - b.offsetSeconds)) {
    seconds += Math.max(0, Math.min(other.offsetSeconds, end) - at);
    at = Math.max(at, other.offsetSeconds + other.seconds);
  }
  return seconds + Math.max(0, end - at);
}
