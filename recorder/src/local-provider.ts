import type { Provider } from './identify.ts';
import type { Catalogue } from './library/catalogue.ts';
import type { Matcher } from './matcher.ts';

/** The user's own music: asked first, needs no network. */
export function localProvider({ matcher, catalogue }: { matcher: Matcher; catalogue: Catalogue }): Provider {
  return {
    name: 'local',
    limitMs: 5000,
    async identify({ pcm }) {
      for (const found of await matcher.query(pcm)) {
        const track = catalogue.track(found.trackKey);
        // Removed from the catalogue a moment ago, and about to be from the index.
        if (!track) continue;
        const { offsetSeconds, speed } = found;
        return {
          kind: 'match',
          match: { trackId: track.trackId, offsetSeconds, speed, durationSeconds: track.seconds },
        };
      }
      return { kind: 'no_match' };
    },
  };
}
