import type { Likeness } from '@pidentify/fingerprint';

/** Questions to the matcher's thread; each has an `id` that its answer carries. */
export type MatcherQuestion =
  | { ask: 'open'; folder: string }
  | { ask: 'keys' }
  | { ask: 'add'; tracks: { trackKey: number; fingerprint: Uint8Array }[] }
  | { ask: 'remove'; trackKeys: number[] }
  | { ask: 'query'; pcm: Float32Array; expected: Expected | null }
  | { ask: 'place'; fingerprint: Uint8Array; fromSeconds: number; seconds: number }
  | { ask: 'compare'; fingerprint: Uint8Array; other: Uint8Array }
  | { ask: 'close' };

/** A track that should begin about now; a clip begins at most `withinSeconds` into it. */
export type Expected = { trackKey: number; withinSeconds: number };

export type TrackMatch = { trackKey: number; offsetSeconds: number; speed: number; significance: number };

export type MatcherAnswers = {
  /** Names of files that were damaged and are left out. */
  open: { damaged: string[] };
  keys: number[];
  add: null;
  remove: null;
  /** Best first; empty for no match. */
  query: TrackMatch[];
  /** Best first; `offsetSeconds` is the place in the track at which the part of the fingerprint begins. */
  place: TrackMatch[];
  compare: Likeness | null;
  close: null;
};

export type Numbered<T> = T & { id: number };
export type MatcherReply = { id: number } & ({ done: unknown } | { failed: Error });
