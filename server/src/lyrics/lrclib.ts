/** LRCLIB, a free collection of lyrics, by its API: https://lrclib.net/docs, and the source of its server (tranxuanthang/lrclib). */
import { readAnswer, retryAfterMs } from '@pidentify/platform';
import { z } from 'zod';

/** A song has a few kilobytes; more is a mistake, or somebody who wants our memory. */
const mostBytes = 1 << 18;

/** All that LRCLIB is told. The length is in whole seconds; null: not known. */
export type LyricsQuestion = {
  artist: string;
  title: string;
  album: string | null;
  seconds: number | null;
};

/** `text`: LRC or plain text. */
export type LyricsAnswer = { kind: 'lyrics'; text: string } | { kind: 'instrumental' } | { kind: 'none' };
/** Nothing is known; `waitMs`: how long it asked to be left alone. */
export type LyricsFault = { kind: 'fault'; why: string; waitMs?: number };
export type AskForLyrics = (
  question: LyricsQuestion,
  signal: AbortSignal,
) => Promise<LyricsAnswer | LyricsFault>;

const trackSchema = z.object({
  instrumental: z.boolean(),
  plainLyrics: z.string().nullable(),
  syncedLyrics: z.string().nullable(),
});
const notFoundSchema = z.object({ name: z.literal('TrackNotFound') });

/** It takes lengths from a second to an hour and refuses the question with any other. */
const isTakenLength = (seconds: number | null) => seconds !== null && seconds >= 1 && seconds <= 3600;

/** Asks once, and follows no redirect. Never throws. */
export function createLrclib({ url, version }: { url: () => string; version: string }): AskForLyrics {
  return async (question, signal) => {
    try {
      const response = await fetch(addressOf(url(), question), {
        signal,
        // Not followed: what plays is told to this address alone.
        redirect: 'manual',
        headers: { accept: 'application/json', 'user-agent': `Pidentify/${version}` },
      });
      return await answerOf(response);
    } catch (error) {
      return fault(`It cannot be reached (${reasonOf(error)}).`);
    }
  };
}

function addressOf(url: string, { artist, title, album, seconds }: LyricsQuestion): URL {
  const address = new URL('/api/get', url);
  address.searchParams.set('artist_name', artist);
  address.searchParams.set('track_name', title);
  if (album !== null) address.searchParams.set('album_name', album);
  if (isTakenLength(seconds)) address.searchParams.set('duration', String(seconds));
  return address;
}

const fault = (why: string, waitMs?: number): LyricsFault => ({
  kind: 'fault',
  why,
  ...(waitMs !== undefined && { waitMs }),
});

async function answerOf(response: Response): Promise<LyricsAnswer | LyricsFault> {
  const { status, headers } = response;
  const text = await readAnswer(response, mostBytes);
  if (text === null) return fault('Its answer is too long.');
  const body = readJson(text);
  if (status === 404 && notFoundSchema.safeParse(body).success) return { kind: 'none' };
  if (status !== 200)
    return fault(`It does not work right now (HTTP ${status}).`, retryAfterMs(headers, Date.now()));
  const track = trackSchema.safeParse(body);
  if (!track.success) return fault('Its answer is not in the form that is known.');
  const { syncedLyrics, plainLyrics, instrumental } = track.data;
  const lyrics = [syncedLyrics, plainLyrics].find((each) => each?.trim());
  if (lyrics) return { kind: 'lyrics', text: lyrics };
  return { kind: instrumental ? 'instrumental' : 'none' };
}

/** Undefined for what is no JSON; no schema takes that. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why it could not be reached: undici puts the system's code into the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
