import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RollingBuffer } from '@pidentify/audio';
import type { Bus } from '@pidentify/bus';
import type { IdentifiedTrack } from '@pidentify/contracts';
import type { BelievedPlay } from '../belief.ts';
import type { FindCover } from '../find-cover.ts';
import type { Hear, Stretch } from '../learn/hear.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Lessons } from '../learn/lessons.ts';
import type { Refusals } from '../learn/refusals.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { answerFrom } from '../local-provider.ts';
import type { Matcher } from '../matcher.ts';
import type { NamedTracks } from '../named-tracks.ts';
import { factsOfFile } from '../now-playing.ts';
import type { Outbox } from '../outbox.ts';
import type { Services } from '../providers/services.ts';
import type { Store } from '../store.ts';
import { createAskServices } from './ask-services.ts';
import { createHearings } from './hearings.ts';
import { createKeep } from './keep.ts';
import { createNaming } from './naming.ts';
import { createHeardPlays } from './plays.ts';
import type { RefusedNow } from './refused-now.ts';
import { createSort } from './sort.ts';
import { createSoundFiles } from './sound-files.ts';
import { createSplit } from './split.ts';
import { createTakeBack, createTakenBack } from './taken-back.ts';
import { createUnknown } from './unknown.ts';
import { createUnnamedStretches } from './unnamed.ts';

export type UnknownRoomOptions = {
  appData: string;
  store: Store;
  buffer: Pick<RollingBuffer, 'take' | 'span'>;
  hear: Hear;
  matcher: Pick<Matcher, 'place' | 'compare' | 'add' | 'remove' | 'keys'>;
  catalogue: Catalogue;
  sounds: Sounds;
  learnt: Learnt;
  lessons: Lessons;
  refusals: Refusals;
  named: NamedTracks;
  outbox: Pick<Outbox, 'put' | 'forget'>;
  /** The last play of an earlier process, with the time until which it was heard. */
  recalled: BelievedPlay | null;
  services: Pick<Services, 'ask' | 'askable' | 'identifyTake'>;
  refusedNow: RefusedNow;
  /** After so long music that could not be read is tried again, ms. */
  readAgainMs: number;
  /** Nothing that plays now needs the services. */
  isIdle(): boolean;
  findCover: FindCover;
  /** Wall clock, ms. */
  now(): number;
  /** Megabytes of sound to keep at most. */
  limitMb(): number;
  onChange(): void;
  onTrouble(error: unknown): void;
};

/** The parts that keep unknown music and take wrong names back, put together. */
export function openUnknownRoom(options: UnknownRoomOptions) {
  const { store, buffer, matcher, catalogue, sounds, learnt, lessons, refusals, named, findCover } = options;
  const { refusedNow } = options;
  const hearings = createHearings(store);
  const stretches = createUnnamedStretches(store);
  const plays = createHeardPlays(store);
  const takenBack = createTakenBack(store);
  const folder = join(options.appData, 'unknown');
  const files = createSoundFiles({ folder, buffer, hearings, limitMb: options.limitMb });
  const isBuffered = ({ fromMs, toMs }: Stretch): boolean => {
    const span = buffer.span();
    return span !== null && span.toMs > fromMs && span.fromMs < toMs;
  };
  const sweep = async () => {
    const gone = sounds.sweep();
    if (gone.length > 0) await matcher.remove(gone);
  };
  const split = createSplit({
    ...options,
    files,
    newKey: catalogue.newKey,
    newId: randomUUID,
  });
  const nameGroup = createNaming({ ...options, hearings, takenBack, files, split, sweep });
  const sort = createSort({
    ...options,
    hearings,
    nameGroup,
    nameOf: (found) =>
      answerFrom(found, { catalogue, learnt, refusals, named: named.trackById })?.match ?? null,
    async factsOf(trackId): Promise<IdentifiedTrack | null> {
      const file = catalogue.trackById(trackId);
      if (!file) return named.trackById(trackId);
      let cover: string | null = null;
      await findCover(file.path, (image) => {
        cover = image;
      });
      return factsOfFile(file, cover);
    },
  });
  const askServices = createAskServices({ ...options, hearings, files, nameGroup });
  const keep = createKeep({
    ...options,
    index: matcher,
    hearings,
    plays,
    takenBack,
    files,
    unknownTo: askServices.unknownTo,
    newKey: catalogue.newKey,
    newId: randomUUID,
  });
  const unknown = createUnknown({
    ...options,
    onEnd() {
      refusedNow.musicEnded();
      askServices.kick();
    },
    stretches,
    hearings,
    files,
    keep,
    sort,
    nameGroup,
    sweep,
    onChange() {
      options.onChange();
      askServices.kick();
    },
    newestFile: catalogue.newestKey,
    onLeftOpen() {
      const play = options.recalled;
      if (play?.endMs === null && play.durationSeconds === null) plays.wentOn(play.entryId, play.lastHeardMs);
    },
    bufferEndMs: () => buffer.span()?.toMs ?? null,
    isBuffered,
  });
  const takeBack = createTakeBack({
    store,
    takenBack,
    plays,
    learnt,
    lessons,
    refusals,
    stretches,
    outbox: options.outbox,
    isKept: isBuffered,
    now: options.now,
  });

  return {
    unknown,
    askServices,
    /** A play was written; `onsetMs`: when the music that is on began. */
    played: (play: BelievedPlay, onsetMs: number): Promise<void> =>
      unknown.played(plays.played(play, onsetMs)),
    /**
     * What others may ask for. `onRefused`: a play is wrong; where it is shown, it is not to be any more while this music goes
     * on: the display ends, and it is asked anew; `onRight`: a play was right after all, and is shown again if its music still goes on.
     */
    answer(
      bus: Pick<Bus, 'answer'>,
      {
        onRefused,
        onRight,
      }: { onRefused(entryId: string, isShown: boolean): void; onRight(entryId: string): void },
    ): void {
      bus.answer('recorder.unknown', () => unknown.list());
      bus.answer('recorder.name-unknown', async ({ id, names }) => ({
        plays: await unknown.name(id, names),
      }));
      bus.answer('recorder.drop-unknown', async (wish) => {
        await unknown.remove(wish);
        return { done: true };
      });
      bus.answer('recorder.wrong-track', (wrong) => {
        const playing = takeBack.wrong(wrong);
        refusedNow.add(playing);
        onRefused(wrong.entry_id, playing.length > 0);
        unknown.kick();
        return { done: true };
      });
      bus.answer('recorder.right-track', async ({ entry_id }) => {
        for (const { trackId } of takenBack.of(entry_id)) refusedNow.delete(trackId);
        const renamed = takeBack.right(entry_id);
        onRight(entry_id);
        await unknown.forgetTakenBack([entry_id, ...renamed]);
        return { no_plays: renamed };
      });
    },
  };
}
