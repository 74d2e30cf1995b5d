import type { IdentifiedTrack } from '@pidentify/contracts';
import type { BeliefState, Clip, ClipMatch } from './belief.ts';
import type { Identification } from './listen.ts';

/** Sound to be named: mono at 11.025 kHz, full scale 1. */
export type Sound = Clip & { pcm: Float32Array };

/** What is believed while a sound is asked about, and for how long the music has played (ms). */
export type Circumstances = { belief: BeliefState; heardMs: number };

/**
 * A provider's answer: `cannot_tell` says why, and means neither that the track is unknown nor known. `track`:
 * the facts of a track that is not one of the user's files.
 */
export type ProviderAnswer =
  | { kind: 'match'; match: ClipMatch; track?: IdentifiedTrack }
  | { kind: 'no_match' }
  | { kind: 'cannot_tell'; why: string };

/** Whoever can name a sound. `signal` fires when its time is over; it then stops what it is doing. */
export type Provider = {
  name: string;
  limitMs: number;
  identify(sound: Sound, signal: AbortSignal, circumstances: Circumstances): Promise<ProviderAnswer>;
};

type IdentifyOptions = { providers: readonly Provider[]; onTrouble(provider: string, why: string): void };

/**
 * Asks providers in order; the first match counts. "No match" needs at least one provider that could tell.
 * A provider that throws or takes too long could not tell, and stops nobody else.
 */
export function createIdentifier({ providers, onTrouble }: IdentifyOptions) {
  return async function identify(sound: Sound, circumstances: Circumstances): Promise<Identification> {
    let couldTell = false;
    for (const provider of providers) {
      const answer = await within(provider, sound, circumstances);
      if (answer.kind === 'match') return answer;
      if (answer.kind === 'no_match') couldTell = true;
      else onTrouble(provider.name, answer.why);
    }
    return { kind: couldTell ? 'no_match' : 'cannot_tell' };
  };
}

async function within(
  provider: Provider,
  sound: Sound,
  circumstances: Circumstances,
): Promise<ProviderAnswer> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<ProviderAnswer>((resolve) => {
    timer = setTimeout(() => {
      limit.abort();
      resolve({ kind: 'cannot_tell', why: `no answer in ${provider.limitMs} ms` });
    }, provider.limitMs);
  });
  try {
    return await Promise.race([provider.identify(sound, limit.signal, circumstances), tooLate]);
  } catch (error) {
    return { kind: 'cannot_tell', why: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
