import { createFindLearnt } from '../learn/alike.ts';
import { type Learnt, type Span, uncovered, worthwhileSeconds } from '../learn/learnt.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { Matcher } from '../matcher.ts';
import type { Hearing } from './hearings.ts';
import { type PlaceInTrack, placeOf } from './place.ts';
import type { Pieces } from './split.ts';

type TeachOptions = {
  sounds: Pick<Sounds, 'find'>;
  learnt: Learnt;
  matcher: Pick<Matcher, 'compare'>;
};

/** A hearing that may be worth to be learnt from. `alike`: where learnt pieces that sound like it lie in the track. */
type Lesson = { hearing: Hearing; place: PlaceInTrack; span: Span; alike: Map<number, Span> };

/** Learns a track from hearings of one group, which are all of one recording. */
export function createTeach(options: TeachOptions) {
  const { sounds, learnt } = options;
  const findLearnt = createFindLearnt(options);

  function soundOf({ named, sounds: printed }: Pieces): { fingerprint: Uint8Array; seconds: number } | null {
    return printed.find(({ trackKey }) => trackKey === named.trackKey) ?? sounds.find(named.trackKey);
  }

  return {
    /** Compares them with what was learnt of the track before; `group`: where its first hearing lies in the track. */
    async prepare(cut: readonly Pieces[], trackId: string, group: PlaceInTrack): Promise<Lesson[]> {
      const heard = cut.flatMap((pieces) => {
        const sound = soundOf(pieces);
        const place = placeOf(pieces.named, group);
        const span = {
          offsetSeconds: place.offsetSeconds,
          seconds: (sound?.seconds ?? 0) * place.speed,
        };
        return sound ? [{ hearing: pieces.named, sound, place, span }] : [];
      });
      const lessons: Lesson[] = [];
      for (const { sound, ...each } of heard.sort((a, b) => b.span.seconds - a.span.seconds)) {
        const longer = lessons.map(({ span }) => span);
        if (uncovered(each.span, longer) < worthwhileSeconds) continue;
        lessons.push({ ...each, alike: await findLearnt(trackId, sound, each.place) });
      }
      return lessons;
    },
    learn(lessons: readonly Lesson[], trackId: string): void {
      const ofGroup = lessons.map(({ hearing, span }) => [hearing.trackKey, span] as const);
      for (const { hearing, place, span, alike } of lessons) {
        const all = new Map([...alike, ...ofGroup]);
        if (!learnt.isWorthwhile(trackId, span, all)) continue;
        learnt.add({ trackKey: hearing.trackKey, trackId, ...place, entryId: hearing.entryId }, all);
      }
    },
  };
}
