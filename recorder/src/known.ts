import { createLearnt } from './learn/learnt.ts';
import { createLessons } from './learn/lessons.ts';
import { createRefusals } from './learn/refusals.ts';
import { createSounds } from './learn/sounds.ts';
import { createCatalogue } from './library/catalogue.ts';
import { createNamedTracks } from './named-tracks.ts';
import type { Store } from './store.ts';

/** What the recorder knows of music, in its database: the user's files, sounds that were heard, and what they are. */
export function openKnown(store: Store) {
  return {
    catalogue: createCatalogue(store),
    sounds: createSounds(store),
    named: createNamedTracks(store),
    learnt: createLearnt(store),
    refusals: createRefusals(store),
    lessons: createLessons(store),
  };
}
