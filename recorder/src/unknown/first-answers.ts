import { identifiedTrackSchema } from '@pidentify/contracts';
import { z } from 'zod';
import { createMemoWriter, readMemo, type Store } from '../store.ts';
import type { Hearings } from './hearings.ts';

/**
 * A service's name for music that is over. `place`: where second 0 of the sound lies in the track; `from`: the second of the
 * sound that was asked about; `toleranceSeconds`: how far `place` may be off, 0 for a measured one, Infinity for none.
 */
const foundSchema = z.object({
  track: identifiedTrackSchema,
  place: z.object({ offsetSeconds: z.number(), speed: z.number() }),
  from: z.number(),
  // JSON knows no Infinity and writes null.
  toleranceSeconds: z
    .number()
    .nullable()
    .transform((seconds) => seconds ?? Number.POSITIVE_INFINITY),
});
export type Found = z.infer<typeof foundSchema>;

const memo = 'unknown.first-answers';
const memoSchema = z.record(z.string(), foundSchema);

type FirstAnswersOptions = {
  store: Store;
  hearings: Pick<Hearings, 'ofGroup'>;
  onTrouble(error: unknown): void;
};

/** The first of two answers, by group: each may have cost money, so a restart does not ask for it again. */
export function createFirstAnswers({ store, hearings, onTrouble }: FirstAnswersOptions) {
  const save = createMemoWriter(store, onTrouble);
  const answers = new Map(Object.entries(memoSchema.safeParse(readMemo(store, memo)).data ?? {}));

  function keep(): void {
    // Its music may have been named, deleted or found to be like another since.
    for (const groupId of answers.keys()) if (hearings.ofGroup(groupId).length === 0) answers.delete(groupId);
    save(memo, Object.fromEntries(answers));
  }

  return {
    get: (groupId: string): Found | undefined => answers.get(groupId),
    has: (groupId: string): boolean => answers.has(groupId),
    set(groupId: string, found: Found): void {
      answers.set(groupId, found);
      keep();
    },
    delete(groupId: string): void {
      if (answers.delete(groupId)) keep();
    },
  };
}
