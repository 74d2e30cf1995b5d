import { apiTime, timeToStore } from '../database/encoding.ts';
import type { Database } from '../database/tables.ts';
import type { LyricsAnswer, LyricsQuestion } from './lrclib.ts';

/** Somebody may have written them down since. */
const noneHoldsMs = 7 * 24 * 60 * 60_000;

/** What LRCLIB answered before. */
export type KeptAnswers = {
  /** Null: it was not asked yet, or said so long ago that it had none that it is worth to ask again. */
  find: (question: LyricsQuestion) => Promise<LyricsAnswer | null>;
  keep: (question: LyricsQuestion, answer: LyricsAnswer) => Promise<void>;
};

export function createKeptAnswers({ database, now }: { database: Database; now: () => number }): KeptAnswers {
  return {
    async find(question) {
      const row = await database
        .selectFrom('lyrics_answers')
        .selectAll()
        .where('question', '=', keyOf(question))
        .executeTakeFirst();
      if (!row) return null;
      if (row.text !== null) return { kind: 'lyrics', text: row.text };
      if (row.kind === 'instrumental') return { kind: 'instrumental' };
      const ageMs = now() - Date.parse(apiTime(row.answered_at) ?? '');
      // Younger than nothing: the clock was set back meanwhile.
      return ageMs >= 0 && ageMs < noneHoldsMs ? { kind: 'none' } : null;
    },

    async keep(question, answer) {
      const values = {
        answered_at: timeToStore(new Date(now()).toISOString()),
        kind: answer.kind,
        text: answer.kind === 'lyrics' ? answer.text : null,
      };
      await database
        .insertInto('lyrics_answers')
        .values({ ...values, question: keyOf(question) })
        .onConflict((conflict) => conflict.column('question').doUpdateSet(values))
        .execute();
    },
  };
}

const keyOf = ({ artist, title, album, seconds }: LyricsQuestion) =>
  JSON.stringify([artist, title, album, seconds]);
