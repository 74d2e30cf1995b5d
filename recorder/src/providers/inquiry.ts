import type { OnlineProvider } from '@pidentify/contracts';
import type { Clip, Decision } from '../belief.ts';
import type { Circumstances, ProviderAnswer, Sound } from '../identify.ts';
import type { Identification } from '../listen.ts';
import type { Services } from './services.ts';

/** Sound in one question, ms: less tells a service too little, more it does not use. */
const clipMs = { least: 8000, most: 12_000 };
/** Between two questions about a track that is known: with a known length the end is known too, and asking is hardly needed. */
const knownMs = { withoutLength: 60_000, withLength: 120_000 };
/** An answer that speaks against a track that is sure is worth a second question at once, so often. */
const doubleCheckMs = 120_000;
/** After the first "no match" in a row; twice as long each time. */
const noMatchMs = { first: 12_000, most: 120_000 };
/** Music that begins again nearer to the end of a track than this is the next one. */
const resumeMarginMs = 10_000;
/** How long a service's word holds against "no match" of the local index, when nobody can be asked again. */
const holdMs = { tentative: 45_000, confirmed: 8 * 60_000 };
/** Past the end that a service told, which may be wrong, its word holds until it is asked again about what is heard now. */
const holdPastEndMs = 25_000;

type InquiryOptions = {
  services: Pick<Services, 'ask' | 'mayAsk'>;
  /** The sound of a clip; null: it is no longer there. */
  sound(clip: Clip): Sound | null;
  /** When the track that is believed is expected to end, or null. */
  expectedEndMs(): number | null;
  /** A service's answer, when it comes. */
  onAnswer(clip: Clip, answer: ProviderAnswer): void;
  onTrouble(error: unknown): void;
};

/**
 * Asks the services beside the local index, which goes on meanwhile. They are asked only about sound that the index does not
 * know, at most once about the same sound, twice to be sure of a track, and then at most once a minute.
 */
export function createInquiry({ services, sound, expectedEndMs, onAnswer, onTrouble }: InquiryOptions) {
  let onsetMs = Number.NaN;
  /** The music that began at `onsetMs` is over; the index may still be answering about its end. */
  let over = true;
  let asking = false;
  /** Sound up to here has been sent, or was named by the index. */
  let doneMs = Number.NEGATIVE_INFINITY;
  let lastCallMs = Number.NEGATIVE_INFINITY;
  let noMatches = 0;
  let shown: { trackId: string; certainty: 'tentative' | 'confirmed' } | null = null;
  /** What services have named in this stretch of music; the index cannot tell about those. */
  let named = new Set<string>();
  let lastNamed: { trackId: string; by: OnlineProvider | null; atMs: number } | null = null;
  /** Answers in a row that spoke against a track that was sure: another name, or "no match". */
  let contrary = 0;
  /** When a service was last asked because of one, and about which track. */
  let doubleCheck = { about: '', atMs: Number.NEGATIVE_INFINITY };
  /** A service no longer knows what it had named: the index's "no match" counts again. */
  let doubted = false;
  /** When the track that a service named last should be over; a pause before that is most likely one within it. */
  let knownEndMs = Number.NEGATIVE_INFINITY;
  let notBeforeMs = Number.NEGATIVE_INFINITY;

  const shownByService = () => shown !== null && named.has(shown.trackId);
  const isPastEnd = (atMs: number) => {
    const endMs = expectedEndMs();
    return endMs !== null && atMs > endMs;
  };

  function beginStretch(atMs: number): void {
    onsetMs = atMs;
    over = false;
    doneMs = atMs;
    noMatches = 0;
    named = new Set();
    lastNamed = null;
    contrary = 0;
    doubted = false;
    notBeforeMs = atMs < knownEndMs - resumeMarginMs ? lastCallMs + knownMs.withoutLength : atMs;
  }

  /** How long to wait after the last call; null: there is nothing to ask about now. */
  function pauseMs(nowMs: number): number | null {
    if (shown === null) {
      return noMatches === 0 ? 0 : Math.min(noMatchMs.most, noMatchMs.first * 2 ** (noMatches - 1));
    }
    if (!shownByService()) return null;
    if (shown.certainty === 'tentative') return 0;
    const endMs = expectedEndMs();
    const isOver = isPastEnd(nowMs);
    // It is most likely another track by now.
    if (endMs !== null && isOver && lastCallMs <= endMs) return 0;
    if (contrary > 0 && mayDoubleCheck(shown.trackId, nowMs)) return 0;
    if (endMs === null || isOver) return knownMs.withoutLength;
    // The question at the end is near enough.
    if (nowMs > endMs - knownMs.withoutLength) return null;
    return contrary > 0 ? knownMs.withoutLength : knownMs.withLength;
  }

  /** What a track is doubted for; past its end that is another matter. */
  const doubtAbout = (trackId: string, nowMs: number) => (isPastEnd(nowMs) ? `past ${trackId}` : trackId);
  const mayDoubleCheck = (trackId: string, nowMs: number) =>
    doubleCheck.about !== doubtAbout(trackId, nowMs) || nowMs - doubleCheck.atMs >= doubleCheckMs;

  /** The newest sound nobody was asked about, or null when there is no reason to ask. */
  function clipToAsk(nowMs: number): Clip | null {
    const pause = asking ? null : pauseMs(nowMs);
    if (pause === null || nowMs < notBeforeMs || nowMs - lastCallMs < pause) return null;
    const endMs = shownByService() && isPastEnd(nowMs) ? (expectedEndMs() ?? doneMs) : doneMs;
    const startMs = Math.max(doneMs, endMs, nowMs - clipMs.most);
    return nowMs - startMs >= clipMs.least && services.mayAsk() ? { startMs, endMs: nowMs } : null;
  }

  async function ask(clip: Clip, circumstances: Circumstances): Promise<void> {
    const whole = sound(clip);
    if (!whole) return;
    const asked = onsetMs;
    asking = true;
    if (contrary > 0 && shown?.certainty === 'confirmed')
      doubleCheck = { about: doubtAbout(shown.trackId, clip.endMs), atMs: clip.endMs };
    doneMs = clip.endMs;
    lastCallMs = clip.endMs;
    try {
      const { answer, by } = await services.ask(whole, circumstances, lastNamed?.by ?? null);
      // The music ended meanwhile: what it was is no longer of use.
      if (asked === onsetMs && !over) conclude(clip, answer, by);
    } finally {
      asking = false;
    }
  }

  function conclude(clip: Clip, answer: ProviderAnswer, by: OnlineProvider | null): void {
    if (answer.kind === 'match') {
      named.add(answer.match.trackId);
      lastNamed = { trackId: answer.match.trackId, by, atMs: clip.endMs };
      doubted = false;
      onAnswer(clip, answer);
      contrary = shown === null || shown.trackId === answer.match.trackId ? 0 : contrary + 1;
      // A name that nothing is made of, as one that a person has refused for this music, is as good as none.
      noMatches = shown === null ? noMatches + 1 : 0;
    } else if (answer.kind === 'no_match') {
      noMatches += 1;
      if (!shownByService()) return;
      contrary += 1;
      // Once is no reason to take a track that is sure from the display, unless it should be over.
      doubted = contrary > 1 || shown?.certainty !== 'confirmed' || isPastEnd(clip.endMs);
      onAnswer(clip, answer);
    }
  }

  /** Whether what is shown is a service's word, about which the index says nothing by knowing nothing. */
  function holds(nowMs: number, { afterGap = false }: Circumstances): boolean {
    if (!shown || !lastNamed || !shownByService() || doubted) return false;
    const endMs = expectedEndMs();
    // Music that goes straight on may well be the same track, of which too short a length was told.
    if (endMs !== null && nowMs > endMs)
      return !afterGap && nowMs - endMs <= holdPastEndMs && (asking || services.mayAsk());
    return nowMs - lastNamed.atMs <= holdMs[shown.certainty];
  }

  return {
    /** The index has answered for `clip`. Gives what the listener shall take that for, at once. */
    heard(clip: Clip, local: Identification, circumstances: Circumstances): Identification {
      const onset = clip.endMs - circumstances.heardMs;
      if (!(Math.abs(onset - onsetMs) < 1)) beginStretch(onset);
      if (local.kind === 'match') {
        doneMs = Math.max(doneMs, clip.endMs);
        // Learnt meanwhile: from now on the index can tell.
        named.delete(local.match.trackId);
      }
      // What may be talk is no service's business, now or as a part of a later clip.
      const { talkUntilMs = Number.NEGATIVE_INFINITY } = circumstances;
      doneMs = Math.max(doneMs, talkUntilMs);
      if (local.kind !== 'no_match' || over) return local;
      const next = clipToAsk(clip.endMs);
      if (next) ask(next, circumstances).catch(onTrouble);
      return holds(clip.endMs, circumstances) ? { kind: 'cannot_tell' } : local;
    },
    /** It is quiet, or nobody listens any more. */
    musicEnded(): void {
      over = true;
    },
    /** What was decided to be shown. */
    decided(decisions: readonly Decision[]): void {
      for (const decision of decisions) {
        if (decision.kind === 'clear') shown = null;
        else if (decision.kind === 'show') {
          const { trackId, certainty } = decision.shown;
          shown = { trackId, certainty };
          // Without a length any pause may be one within it.
          if (certainty === 'confirmed' && shownByService())
            knownEndMs = expectedEndMs() ?? Number.POSITIVE_INFINITY;
        }
      }
    },
  };
}
