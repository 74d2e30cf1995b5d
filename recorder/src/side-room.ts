import type { SideStatus } from '@pidentify/contracts';
import type { BelievedPlay, Decision } from './belief.ts';
import type { Catalogue } from './library/catalogue.ts';
import { factsOfFile } from './now-playing.ts';
import { createSide, type Side } from './side.ts';
import { createSideEnds } from './side-ends.ts';
import type { Store } from './store.ts';

type SideRoomOptions = {
  store: Store;
  catalogue: Pick<Catalogue, 'releaseOf' | 'trackById'>;
  newId(): string;
  /** The last play of an earlier run. */
  recalled: BelievedPlay | null;
  /** When the play that is believed in is expected to end, or null. */
  expectedEndMs(): number | null;
  onStatus(status: SideStatus | null): void;
  onTrouble(error: unknown): void;
};

/** The side of the record that plays, from the user's own files, and what is told of it. */
export function openSideRoom(options: SideRoomOptions) {
  const { store, catalogue, newId, recalled, onStatus } = options;
  const side = createSide({
    release(trackId) {
      const found = catalogue.releaseOf(trackId);
      if (!found) return null;
      return found.tracks.map(({ trackId: id, place, side: of, seconds }) => ({
        release: found.release,
        trackId: id,
        place,
        side: of,
        durationSeconds: seconds,
      }));
    },
    ends: createSideEnds(store, options.onTrouble),
    newId,
  });
  if (recalled) side.follow([{ kind: 'write', play: recalled }]);
  let told = 'null';

  function statusOf({ trackId, expectedId, isFinished }: Side): SideStatus {
    const expected = expectedId === null ? null : catalogue.trackById(expectedId);
    return {
      release: catalogue.trackById(trackId)?.tags.album ?? null,
      expected: expected && factsOfFile(expected, null),
      finished: isFinished,
    };
  }

  function tell(): void {
    const now = side.state();
    if (JSON.stringify(now) === told) return;
    told = JSON.stringify(now);
    onStatus(now && statusOf(now));
  }

  return {
    follow(decisions: readonly Decision[]): Decision[] {
      const all = side.follow(decisions);
      tell();
      return all;
    },
    /** Each moment of sound; true when the side is now over, or is no longer what plays. */
    heard(nowMs: number, isMusic: boolean): boolean {
      const hasChanged = side.heard(nowMs, isMusic);
      if (hasChanged) tell();
      return hasChanged;
    },
    isFinished: () => side.state()?.isFinished ?? false,
    fits: side.fits,
    next: (nowMs: number) => side.next(nowMs, options.expectedEndMs()),
  };
}
