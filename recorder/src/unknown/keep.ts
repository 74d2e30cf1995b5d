import type { OnlineProvider } from '@pidentify/contracts';
import type { Hear, Stretch } from '../learn/hear.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Refusals } from '../learn/refusals.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { TrackIndex } from '../library/keeper.ts';
import { inTransaction, type Store } from '../store.ts';
import type { Hearing, Hearings } from './hearings.ts';
import type { HeardPlays } from './plays.ts';
import type { SoundFiles } from './sound-files.ts';
import type { TakenBack } from './taken-back.ts';
import type { UnnamedStretch } from './unnamed.ts';
import { shortestSeconds, unplayed } from './unplayed.ts';

type KeepOptions = {
  store: Store;
  hear: Hear;
  index: TrackIndex;
  sounds: Sounds;
  learnt: Learnt;
  refusals: Refusals;
  hearings: Hearings;
  plays: HeardPlays;
  takenBack: TakenBack;
  files: SoundFiles;
  /** Services that were asked about a part of this stretch while it played, and do not know it. */
  unknownTo(stretch: Stretch): OnlineProvider[];
  newKey(): number;
  newId(): string;
  onTrouble(error: unknown): void;
};

/** Takes what was heard without a name out of the rolling buffer: its fingerprint, and its sound where wished. */
export function createKeep(options: KeepOptions) {
  const { store, hear, index, sounds, learnt, refusals, hearings, plays, takenBack, files } = options;

  async function keepPart(part: Stretch): Promise<void> {
    const sound = await hear(part);
    if (!sound) return keepLearnt(part);
    if (sound.seconds < shortestSeconds - 1) return;
    const id = options.newId();
    const soundBytes = await files.record(id, sound).catch((error: unknown) => {
      options.onTrouble(error);
      return 0;
    });
    const trackKey = options.newKey();
    try {
      inTransaction(store, () => {
        sounds.put({ trackKey, ...sound });
        // The beginning may be lost; when it was is known all the same.
        const fromMs = Math.min(part.fromMs, sound.fromMs);
        insert({ id, trackKey, fromMs, soundFromMs: sound.fromMs, toMs: sound.toMs, soundBytes });
      });
    } catch (error) {
      // It is tried again under another id: nothing would count or delete the sound under this one.
      await files.remove(id).catch(options.onTrouble);
      throw error;
    }
    await index.add([{ trackKey, fingerprint: sound.fingerprint }]);
  }

  /** A play taken back when the buffer has long lost it: what was learnt from it is what is left of it. */
  function keepLearnt(part: Stretch): void {
    const [trackKey] = takenBack.during(part).flatMap(({ entryId }) => learnt.heardIn(entryId) ?? []);
    if (trackKey === undefined || hearings.byKey(trackKey)) return;
    inTransaction(store, () =>
      insert({ id: options.newId(), trackKey, ...part, soundFromMs: part.fromMs, soundBytes: 0 }),
    );
  }

  function insert(
    heard: Pick<Hearing, 'id' | 'trackKey' | 'fromMs' | 'soundFromMs' | 'toMs' | 'soundBytes'>,
  ): void {
    const wrong = takenBack.during(heard);
    hearings.insert({
      ...heard,
      groupId: heard.id,
      offsetSeconds: 0,
      speed: 1,
      entryId: options.newId(),
      takenBack: wrong[0]?.entryId ?? null,
    });
    hearings.askedServices(heard.id, options.unknownTo(heard));
    for (const { trackId, entryId } of wrong) refusals.add(heard.trackKey, trackId, entryId);
  }

  /** After a crash the same stretch may come twice. */
  const isKept = (part: Stretch) => hearings.all().some((hearing) => shared(hearing, part) > 0.5);

  return async function keep(stretch: UnnamedStretch): Promise<void> {
    for (const part of unplayed(stretch, plays.during(stretch))) if (!isKept(part)) await keepPart(part);
  };
}
export type Keep = ReturnType<typeof createKeep>;

/** Share of a stretch that another one covers. */
export function shared(stretch: Stretch, other: Stretch): number {
  const ms = Math.min(stretch.toMs, other.toMs) - Math.max(stretch.fromMs, other.fromMs);
  return Math.max(0, ms) / Math.max(1, stretch.toMs - stretch.fromMs);
}
