import { identifiedTrackSchema, onlineProviderSchema } from '@pidentify/contracts';
import { z } from 'zod';
import { createMemoWriter, inTransaction, readMemo, type Store, writeMemo } from '../store.ts';
import { type Hearing, type Hearings, soundSecondsOf } from './hearings.ts';

/**
 * A service's name for music that is over. `by`: the service, where that was noted; `place`: where second 0 of the sound lies in the track; `from`: the
 * second of the sound that was asked about; `toleranceSeconds`: how far `place` may be off, 0 for a measured one, Infinity for none.
 */
const foundSchema = z.object({
  by: onlineProviderSchema.optional(),
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

const memo = 'unknown.first-answers-of-hearings';
/** As earlier versions kept them: by group, without the service. */
const groupMemo = 'unknown.first-answers';
const memoSchema = z.record(z.string(), foundSchema);

type FirstAnswersOptions = {
  store: Store;
  hearings: Pick<Hearings, 'find' | 'ofGroup'>;
  onTrouble(error: unknown): void;
};

/**
 * The first of two answers, by the hearing that was asked about, as groups become one: each may have cost money, so a restart
 * does not ask for it again.
 */
export function createFirstAnswers({ store, hearings, onTrouble }: FirstAnswersOptions) {
  const save = createMemoWriter(store, onTrouble);
  const read = (name: string) => Object.entries(memoSchema.safeParse(readMemo(store, name)).data ?? {});
  const isOfGroups = readMemo(store, memo) === undefined;
  const answers = new Map(isOfGroups ? read(groupMemo).flatMap(ofHearing) : read(memo));
  if (readMemo(store, groupMemo) !== undefined) takeOver();

  /** Services were asked about the longest sound of a group. */
  function ofHearing([groupId, found]: [string, Found]): [string, Found][] {
    const heard = hearings.ofGroup(groupId).filter(({ soundBytes }) => soundBytes > 0);
    const [longest] = heard.sort((a, b) => soundSecondsOf(b) - soundSecondsOf(a));
    return longest ? [[longest.id, found]] : [];
  }

  /** With a full disk this waits for the next start. */
  function takeOver(): void {
    try {
      inTransaction(store, () => {
        writeMemo(store, memo, Object.fromEntries(answers));
        store.prepare('DELETE FROM memos WHERE name = ?').run(groupMemo);
      });
    } catch (error) {
      onTrouble(error);
    }
  }

  function keep(): void {
    // Its music may have been named or deleted since.
    for (const id of answers.keys()) if (!hearings.find(id)) answers.delete(id);
    save(memo, Object.fromEntries(answers));
  }

  return {
    get: (hearingId: string): Found | undefined => answers.get(hearingId),
    /** The hearings whose sound is still kept, and about which a second answer is wanted. */
    hearings: (): Hearing[] =>
      [...answers.keys()].flatMap((id) => hearings.find(id) ?? []).filter(({ soundBytes }) => soundBytes > 0),
    set(hearingId: string, found: Found): void {
      answers.set(hearingId, found);
      keep();
    },
    delete(hearingId: string): void {
      if (answers.delete(hearingId)) keep();
    },
  };
}
