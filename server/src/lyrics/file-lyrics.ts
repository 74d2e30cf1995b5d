import { open } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readLyrics } from '@pidentify/audio';
import { type Lyrics, PidentifyError } from '@pidentify/contracts';
import { parseLrc } from './lrc.ts';

/** An hour of words is less. */
const mostBytes = 1 << 18;
/** A share that hangs must not keep anybody waiting. */
const patienceMs = 2000;

/** Lyrics that come with a sound file; null where there are none. @throws PidentifyError lyrics_unavailable when its folder does not answer */
export type FileLyrics = (path: string) => Promise<Lyrics | null>;

/** One file that is being read; `isLate`: somebody has waited for it in vain. */
type Reading = { path: string; found: Promise<Lyrics | null>; isLate: boolean };

/**
 * Reads one file at a time, once for all who ask meanwhile. Waits for no file longer than 2 s, and while one takes longer
 * looks at no other, as each would hold a thread of the disk.
 */
export function createFileLyrics(read: FileLyrics = lyricsOf): FileLyrics {
  let current: Reading | null = null;

  function begin(path: string): Reading {
    const reading: Reading = { path, found: read(path), isLate: false };
    void Promise.allSettled([reading.found]).then(() => {
      current = null;
    });
    return reading;
  }

  async function inTurn(path: string, signal: AbortSignal): Promise<Lyrics | null> {
    while (current && current.path !== path) await Promise.allSettled([current.found]);
    // Nobody waits for it any more.
    if (signal.aborted) return null;
    current ??= begin(path);
    return current.found;
  }

  return async (path) => {
    if (current?.isLate) throw silent();
    const limit = new AbortController();
    const isOver = pause(patienceMs, silent, { signal: limit.signal }).catch(() => silent);
    const first = await Promise.race([inTurn(path, limit.signal), isOver]).finally(() => limit.abort());
    if (typeof first !== 'function') return first;
    if (current) current.isLate = true;
    throw first();
  };
}

const silent = () =>
  new PidentifyError('lyrics_unavailable', 'The folder of the sound file does not answer.');

/** What lies beside the file goes before what is in it: it can be put there without touching the music. */
async function lyricsOf(path: string): Promise<Lyrics | null> {
  const { dir, name } = parse(path);
  const beside = await textOf(join(dir, `${name}.lrc`));
  const lyrics = beside === null ? null : parseLrc(beside);
  if (lyrics) return lyrics;
  const texts = (await readLyrics(path)).map((text) => text.slice(0, mostBytes));
  const inTags = texts.map(parseLrc).filter((each) => each !== null);
  return inTags.find(({ synced }) => synced) ?? inTags[0] ?? null;
}

/** A file's text; null where there is none, and for one that is no UTF-8 or too large to be lyrics. */
async function textOf(path: string): Promise<string | null> {
  try {
    await using file = await open(path);
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > mostBytes) return null;
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
  } catch {
    // Not there, not readable or no text: the tags may have them.
    return null;
  }
}
