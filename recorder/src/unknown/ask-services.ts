import type { OnlineProvider } from '@pidentify/contracts';
import type { ProviderAnswer } from '../identify.ts';
import type { Stretch } from '../learn/hear.ts';
import type { Refusals } from '../learn/refusals.ts';
import type { Services } from '../providers/services.ts';
import type { Store } from '../store.ts';
import { createFirstAnswers, type Found } from './first-answers.ts';
import { type Hearing, type Hearings, lostSecondsOf, soundSecondsOf } from './hearings.ts';
import { clipOfFile, withWholeTrack } from './kept-sound.ts';
import type { NameGroup } from './naming.ts';
import type { SoundFiles } from './sound-files.ts';

/** Between two questions about music that is over: nobody waits for the answer. */
const pauseMs = 60_000;
/** When it cannot be written who was asked about what, as with a full disk: or they were asked the same all day. */
const unwrittenPauseMs = 3_600_000;
const clipSeconds = 12;
/**
 * Two answers have to agree: in the name, and on where the track began, as far as they tell. A service that tells no speed
 * is off by the deck's at most, over the sound between the two clips.
 */
const agreement = { seconds: 3, deckSpeed: 0.04 };
/** Where no place is told, two clips of nearly the same sound prove no more than one. */
const apartSeconds = 5;
/** Lengths that services tell, and ends of what was heard, are as exact as that. */
const lengthSlackSeconds = 30;

type AskServicesOptions = {
  store: Store;
  hearings: Hearings;
  refusals: Pick<Refusals, 'of'>;
  files: Pick<SoundFiles, 'pathOf'>;
  services: Pick<Services, 'ask' | 'askable' | 'identifyTake'>;
  nameGroup: NameGroup;
  /** Nothing that plays now needs the services. */
  isIdle(): boolean;
  now(): number;
  onChange(): void;
  onTrouble(error: unknown): void;
};

type Told = { by: OnlineProvider; answer: ProviderAnswer };
/** `services`: who may be asked now and was not yet. */
type Question = { hearing: Hearing; about: 'clip' | 'take'; services: OnlineProvider[] };
/** `later`: it could not be told now. */
type Outcome = Found | 'unknown' | 'later';
/** `asked`: services of which nothing more is to be expected about this sound, but for a second answer. */
type Answered = { outcome: Outcome; asked: OnlineProvider[] };

/**
 * Asks services about music that they could not be asked about when it was heard: no network, or nothing left of the day's
 * calls. One question a minute at most, when nothing that plays needs them; each service once about each group, while its
 * sound is kept.
 */
export function createAskServices(options: AskServicesOptions) {
  const { store, hearings, refusals, files, services, nameGroup, isIdle, now, onChange, onTrouble } = options;
  /** Moments of sound that a service did not know while it played, ms. */
  let answered: { ms: number; by: OnlineProvider }[] = [];
  const first = createFirstAnswers({ store, hearings, onTrouble });
  let nextMs = 0;
  let working: Promise<void> | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function askClip({ hearing, services: only }: Question): Promise<Answered> {
    const seconds = soundSecondsOf(hearing);
    const before = first.get(hearing.id);
    const from = Math.max(0, (seconds * (before ? 2 : 1)) / 3 - clipSeconds / 2);
    const pcm = await clipOfFile(files.pathOf(hearing.id), { from, to: from + clipSeconds });
    const startMs = hearing.soundFromMs + from * 1000;
    const sound = { pcm, startMs, endMs: startMs + clipSeconds * 1000 };
    const heardMs = sound.endMs - hearing.fromMs;
    const { answer, by, answers } = await services.ask(sound, { belief: 'none', heardMs }, null, only);
    const asked = answers.filter((each) => isFinal(each.answer)).map(({ by }) => by);
    if (answer.kind !== 'match' || !answer.track || !by)
      return { outcome: asked.length > 0 ? 'unknown' : 'later', asked };
    const { offsetSeconds, speed, offsetToleranceMs = 0 } = answer.match;
    const toleranceSeconds = offsetToleranceMs / 1000;
    // Without a place the track began with the music, as nothing better is known.
    const isPlaced = toleranceSeconds < Number.POSITIVE_INFINITY;
    const place = { offsetSeconds: isPlaced ? offsetSeconds - from * speed : lostSecondsOf(hearing), speed };
    return { outcome: { by, track: answer.track, place, from, toleranceSeconds }, asked };
  }

  async function askTake({ hearing, services: [by] }: Question): Promise<Answered> {
    const answer = await withWholeTrack(files.pathOf(hearing.id), services.identifyTake);
    const whole = { by, place: { offsetSeconds: 0, speed: 1 }, from: 0, toleranceSeconds: 0 };
    if (answer.kind === 'match') return { outcome: { track: answer.track, ...whole }, asked: [by] };
    return isFinal(answer) ? { outcome: 'unknown', asked: [by] } : { outcome: 'later', asked: [] };
  }

  /** Music that was named by one clip is asked about a second time before it is believed; gives the better placed answer. */
  function believed(hearingId: string, found: Found): Found | null {
    const before = first.get(hearingId);
    if (!before) {
      first.set(hearingId, found);
      return null;
    }
    if (agree(before, found)) return before.toleranceSeconds < found.toleranceSeconds ? before : found;
    first.delete(hearingId);
    return null;
  }

  /** Second of the sound at which the first clip was found to be of the same track. */
  function clipOf(hearingId: string, { track }: Found): number {
    const before = first.get(hearingId);
    return before?.track.track_id === track.track_id ? before.from : 0;
  }

  async function conclude({ hearing, about }: Question, { outcome, asked }: Answered): Promise<void> {
    const { id } = hearing;
    // It may have been named or deleted meanwhile, or its group become part of another one.
    const now = hearings.find(id);
    if (outcome === 'later' || !now) return;
    const keys = hearings.ofGroup(now.groupId).map(({ trackKey }) => trackKey);
    const isNamed = outcome !== 'unknown' && !refusals.of(keys).has(outcome.track.track_id);
    const isFirst = isNamed && about === 'clip' && !first.get(id);
    const heardUntil = isNamed ? Math.max(outcome.from, clipOf(id, outcome)) : 0;
    const sure = isNamed && (about === 'take' ? outcome : believed(id, outcome));
    if (isFirst) return;
    if (sure && isPlaceable(hearing, sure)) {
      await nameGroup(id, withLength(sure, heardUntil), sure.place);
      onChange();
    }
    // Where the name could not be written, the second answer alone is asked for again.
    if (about === 'clip' && (sure || asked.some((by) => by === first.get(id)?.by))) first.delete(id);
    const left = hearings.find(id);
    if (left) hearings.askedServices(left.groupId, asked);
  }

  const unasked = ({ groupId }: Hearing, askable: readonly OnlineProvider[]) =>
    askable.filter((name) => !hearings.wasAsked(groupId, name));

  /** A second answer is wanted, also where the group has become part of one about which that service was asked. */
  function secondQuestion(askable: readonly OnlineProvider[]): Question | null {
    for (const hearing of askable.length > 0 ? first.hearings() : []) {
      const left = unasked(hearing, askable);
      const only = askable.filter((name) => left.includes(name) || name === first.get(hearing.id)?.by);
      if (only.length > 0) return { hearing, about: 'clip', services: only };
    }
    return null;
  }

  function firstQuestion(about: 'clip' | 'take', askable: readonly OnlineProvider[]): Question | null {
    const hearing = askable.length > 0 ? hearings.toAskServices(askable) : null;
    return hearing && { hearing, about, services: unasked(hearing, askable) };
  }

  function nextQuestion(): Question | null {
    const askable = isIdle() ? services.askable('clip') : [];
    return (
      secondQuestion(askable) ??
      firstQuestion('clip', askable) ??
      firstQuestion('take', services.askable('take'))
    );
  }

  async function step(): Promise<void> {
    const question = nextQuestion();
    if (!question) return;
    nextMs = now() + pauseMs;
    await answerTo(question).catch((error: unknown) => {
      nextMs = now() + unwrittenPauseMs;
      if (!closed) onTrouble(error);
    });
    later();
  }

  async function answerTo(question: Question): Promise<void> {
    const answered = await (question.about === 'clip' ? askClip(question) : askTake(question)).catch(
      (error: unknown) => {
        if (closed) return null;
        onTrouble(error);
        // Its file cannot be read: nobody can be asked about it.
        hearings.askedServices(question.hearing.groupId, question.services);
        return null;
      },
    );
    if (answered) await conclude(question, answered);
  }

  function later(): void {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(kick, Math.max(0, nextMs - now())).unref();
  }

  /** Something changed: a service may be asked again, or there is something new to ask about. */
  function kick(): void {
    if (working || closed) return;
    if (now() < nextMs) {
      later();
      return;
    }
    working = step()
      .catch(onTrouble)
      .finally(() => {
        working = null;
      });
  }

  return {
    kick,
    /**
     * Services have answered about this sound while it played. That they know it says nothing: the name may not have been
     * believed, for want of a second answer.
     */
    answeredLive({ fromMs, toMs }: Stretch, answers: readonly Told[]): void {
      for (const { by, answer } of answers)
        if (answer.kind === 'no_match') answered = [...answered.slice(-500), { ms: (fromMs + toMs) / 2, by }];
    },
    /** Who did not know a part of this stretch while it played. */
    unknownTo: ({ fromMs, toMs }: Stretch): OnlineProvider[] => [
      ...new Set(answered.filter(({ ms }) => ms >= fromMs && ms <= toMs).map(({ by }) => by)),
    ],
    settled: async (): Promise<void> => {
      while (working) await working;
    },
    close(): void {
      closed = true;
      clearTimeout(timer);
    },
  };
}
export type AskServices = ReturnType<typeof createAskServices>;

/** Whether the service would say the same again: all but "not now". */
const isFinal = (answer: { kind: string; trouble?: string }) =>
  answer.kind !== 'cannot_tell' || answer.trouble === 'sound';

/** Without a place nobody knows which part of the music the track is, where there is more of it than the track is long. */
function isPlaceable(hearing: Hearing, { track, toleranceSeconds }: Found): boolean {
  if (toleranceSeconds < Number.POSITIVE_INFINITY || !track.duration_seconds) return true;
  return soundSecondsOf(hearing) <= track.duration_seconds + lengthSlackSeconds;
}

/** The track without the length that was told of it, where it was found beyond that; `from`: second of the sound. */
function withLength({ track, place, toleranceSeconds }: Found, from: number): Found['track'] {
  const position = place.offsetSeconds + from * place.speed;
  const isWrong = position > (track.duration_seconds ?? Number.POSITIVE_INFINITY) + toleranceSeconds;
  return isWrong ? { ...track, duration_seconds: null } : track;
}

/** Whether two answers about clips of the same sound confirm each other. */
function agree(one: Found, other: Found): boolean {
  if (one.track.track_id !== other.track.track_id) return false;
  const betweenSeconds = Math.abs(one.from - other.from);
  const coarse = Math.max(one.toleranceSeconds, other.toleranceSeconds);
  if (coarse === Number.POSITIVE_INFINITY) return betweenSeconds >= apartSeconds;
  const apart = Math.abs(one.place.offsetSeconds - other.place.offsetSeconds);
  return apart <= agreement.seconds + coarse + agreement.deckSpeed * betweenSeconds;
}
