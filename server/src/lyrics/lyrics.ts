import { type Lyrics, PidentifyError, type Status } from '@pidentify/contracts';
import type { FileLyrics } from './file-lyrics.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { parseLrc } from './lrc.ts';
import type { AskForLyrics, LyricsAnswer, LyricsFault, LyricsQuestion } from './lrclib.ts';

const limitMs = 10_000;
/** After a failure it is left alone for this long, twice as long after each further one, up to an hour. */
const firstPauseMs = 30_000;
const longestPauseMs = 60 * 60_000;
/** Nobody is left alone for longer, whatever they asked. */
const longestWaitMs = 24 * 60 * 60_000;

/** The track on the display, whether it is a guess still, and its file where it is the user's own. */
export type PlayingTrack = {
  track: NonNullable<Status['track']>;
  isConfirmed: boolean;
  file: string | null;
};

export type LyricsParts = {
  fromFile: FileLyrics;
  kept: KeptAnswers;
  ask: AskForLyrics;
  /** Whether LRCLIB may be asked. */
  isAllowed: () => boolean;
  now: () => number;
  log: { warn: (context: object, text: string) => void };
};

/**
 * Lyrics from beside the sound file, from its tags, and from LRCLIB where that is allowed, in this order. LRCLIB is asked
 * when somebody looks, about one track at a time, about each once, and about none that is a guess.
 */
export function createLyrics({ fromFile, kept, ask, isAllowed, now, log }: LyricsParts) {
  const ending = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  let faults = 0;
  let pausedUntilMs = 0;
  let why = '';

  async function answerTo(question: LyricsQuestion): Promise<LyricsAnswer> {
    const before = await kept.find(question);
    if (before) return before;
    const turn = last.then(() => askInTurn(question));
    // A question that failed is told to whoever asked it, and must not fail the next one.
    last = Promise.allSettled([turn]);
    return turn;
  }

  /** The one before may have brought the answer, or have shown that there is none to be had now. */
  async function askInTurn(question: LyricsQuestion): Promise<LyricsAnswer> {
    const before = await kept.find(question);
    if (before) return before;
    if (!isAllowed()) return { kind: 'none' };
    const leftMs = pausedUntilMs - now();
    // More than the longest wait: the clock was set back meanwhile.
    if (leftMs > 0 && leftMs <= longestWaitMs) throw unavailable(why);
    const answer = await ask(question, AbortSignal.any([ending.signal, AbortSignal.timeout(limitMs)]));
    if (ending.signal.aborted) throw unavailable('Pidentify is being stopped.');
    if (answer.kind === 'fault') throw failed(answer);
    faults = 0;
    await keep(question, answer);
    return answer;
  }

  function failed(fault: LyricsFault): PidentifyError {
    const pauseMs = fault.waitMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** faults);
    faults += 1;
    pausedUntilMs = now() + Math.min(pauseMs, longestWaitMs);
    why = `LRCLIB: ${fault.why}`;
    log.warn({ why: fault.why, pauseMs }, 'LRCLIB gave no answer');
    return unavailable(why);
  }

  async function keep(question: LyricsQuestion, answer: LyricsAnswer): Promise<void> {
    try {
      await kept.keep(question, answer);
    } catch (error) {
      // It is good for this time all the same.
      log.warn({ err: error }, 'an answer of LRCLIB could not be kept');
    }
  }

  return {
    /** @throws PidentifyError lyrics_not_found, or lyrics_unavailable when it could not be found out */
    async find({ track, isConfirmed, file }: PlayingTrack): Promise<Lyrics> {
      const own = file === null ? null : await fromFile(file);
      if (own) return own;
      const question = questionOf(track);
      const answer = question && (await (isConfirmed ? answerTo(question) : kept.find(question)));
      const lyrics = answer?.kind === 'lyrics' ? parseLrc(answer.text) : null;
      if (lyrics) return lyrics;
      if (answer?.kind === 'instrumental') throw notFound('It is instrumental.');
      if (question && !answer && isAllowed()) throw notFound('LRCLIB is asked once the track is certain.');
      throw notFound();
    },
    /** Ends a question that is under way. */
    close: () => ending.abort(),
  };
}
export type LyricsRoom = ReturnType<typeof createLyrics>;

const notFound = (detail?: string) => new PidentifyError('lyrics_not_found', detail);
const unavailable = (detail: string) => new PidentifyError('lyrics_unavailable', detail);

/** Null for a track without an artist, which LRCLIB does not look for. */
function questionOf({
  track_name,
  artist_name,
  album_name,
  duration_seconds,
}: PlayingTrack['track']): LyricsQuestion | null {
  const [title, artist, album] = [track_name, artist_name, album_name].map((text) => text?.trim() ?? '');
  if (!title || !artist) return null;
  return { title, artist, album: album || null, seconds: Math.round(duration_seconds ?? 0) || null };
}
