import type { Likeness } from '@pidentify/fingerprint';
import type { Matcher } from '../matcher.ts';
import type { Learnt, Span } from './learnt.ts';
import type { Sounds } from './sounds.ts';

/** So much of what two sounds should have in common must be found in both: noise hides some of it. */
const sharedShare = 0.5;

type AlikeOptions = {
  matcher: Pick<Matcher, 'compare'>;
  sounds: Pick<Sounds, 'find'>;
  learnt: Pick<Learnt, 'pieces'>;
};

/**
 * Finds what was learnt of a track already in a sound that bears its name, and may be another recording of it. `place`: where
 * the sound begins in the track (s) and how fast it is played. Gives where in the track, by the place of this sound, each
 * learnt piece lies that sounds like it: what services and persons tell of places is not always the same.
 */
export function createFindLearnt({ matcher, sounds, learnt }: AlikeOptions) {
  return async function findLearnt(
    trackId: string,
    { fingerprint, seconds }: { fingerprint: Uint8Array; seconds: number },
    place: { offsetSeconds: number; speed: number },
  ): Promise<Map<number, Span>> {
    const alike = new Map<number, Span>();
    for (const { trackKey } of learnt.pieces(trackId)) {
      const piece = sounds.find(trackKey);
      const likeness = piece && (await matcher.compare(fingerprint, piece.fingerprint));
      if (!likeness) continue;
      const lies = placed(likeness, piece.seconds);
      if (likeness.seconds < sharedShare * sharedSeconds(lies, seconds)) continue;
      alike.set(trackKey, {
        offsetSeconds: place.offsetSeconds + lies.offsetSeconds * place.speed,
        seconds: lies.seconds * place.speed,
      });
    }
    return alike;
  };
}
export type FindLearnt = ReturnType<typeof createFindLearnt>;

/** Where a piece lies in the sound it was compared with, in seconds of that one. */
const placed = ({ offsetSeconds, speed }: Likeness, pieceSeconds: number): Span => ({
  offsetSeconds: -offsetSeconds / speed,
  seconds: pieceSeconds / speed,
});

const sharedSeconds = ({ offsetSeconds, seconds }: Span, soundSeconds: number): number =>
  Math.min(offsetSeconds + seconds, soundSeconds) - Math.max(offsetSeconds, 0);
