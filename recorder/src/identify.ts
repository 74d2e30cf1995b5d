import type { IdentifiedTrack } from '@pidentify/contracts';
import type { BeliefState, Clip, ClipMatch } from './belief.ts';
import type { Identification } from './listen.ts';

/** Sound to be named: mono at 11.025 kHz, full scale 1. */
export type Sound = Clip & { pcm: Float32Array };

/**
 * What is believed while a sound is asked about, and for how long the music has played (ms). `onlyLocal`: it may well be
 * talk in the room, which is no service's business. `afterGap`: there was little sound around the expected end of what is
 * believed, as between two tracks. `talkUntilMs`: until when there was talk after the music last, though the music is not yet
 * taken for over; the end of the clip or later: there still is.
 */
export type Circumstances = {
  belief: BeliefState;
  heardMs: number;
  onlyLocal?: boolean;
  afterGap?: boolean;
  talkUntilMs?: number;
};

/**
 * Why nothing could be told. `sound`: this sound cannot be used, the service is well; `fault`: it does not work right now;
 * `busy`: it wants fewer questions; `quota`: it answers no more today; `key`: it does not know the key.
 */
export type Trouble = 'sound' | 'fault' | 'busy' | 'quota' | 'key';

/** Means neither that the track is unknown nor known. `waitMs`: how long the service asked to be left alone. */
export type CannotTell = { kind: 'cannot_tell'; why: string; trouble?: Trouble; waitMs?: number };

/** A provider's answer. `track`: the facts of a track that is not one of the user's files. */
export type ProviderAnswer =
  | { kind: 'match'; match: ClipMatch; track?: IdentifiedTrack }
  | { kind: 'no_match' }
  | CannotTell;

/** A track from beginning to end, mono, full scale 1; `blocks` are cut anywhere. */
export type WholeTrack = {
  blocks: AsyncIterable<Float32Array>;
  /** Hz. */
  sampleRate: number;
  durationSeconds: number;
};
export type WholeTrackAnswer = { kind: 'match'; track: IdentifiedTrack } | { kind: 'no_match' } | CannotTell;

/** Whoever can name a whole track, but no clip of one. */
export type WholeTrackProvider = {
  name: string;
  limitMs: number;
  identifyTrack(track: WholeTrack, signal: AbortSignal): Promise<WholeTrackAnswer>;
};

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
      const answer = await askWithin(provider.limitMs, (signal) =>
        provider.identify(sound, signal, circumstances),
      );
      if (answer.kind === 'match') return answer;
      if (answer.kind === 'no_match') couldTell = true;
      else onTrouble(provider.name, answer.why);
    }
    return { kind: couldTell ? 'no_match' : 'cannot_tell' };
  };
}

/**
 * Asks with a time limit, and until `cancel` fires. Whoever throws or takes too long could not tell, which is a `fault`; the
 * signal that `ask` got has then fired.
 */
export async function askWithin<A>(
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<A>,
  cancel?: AbortSignal,
): Promise<A | CannotTell> {
  const limit = new AbortController();
  const stop = Promise.withResolvers<CannotTell>();
  const end = (why: string) => {
    stop.resolve({ kind: 'cannot_tell', why, trouble: 'fault' });
    limit.abort();
  };
  const timer = setTimeout(() => end(`no answer in ${limitMs / 1000} s`), limitMs);
  const onCancel = () => end('it was cancelled');
  cancel?.addEventListener('abort', onCancel, { once: true });
  try {
    return await Promise.race([ask(limit.signal), stop.promise]);
  } catch (error) {
    return {
      kind: 'cannot_tell',
      why: error instanceof Error ? error.message : String(error),
      trouble: 'fault',
    };
  } finally {
    clearTimeout(timer);
    cancel?.removeEventListener('abort', onCancel);
  }
}
