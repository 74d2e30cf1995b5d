import type { IAudioMetadata, ILyricsTag } from 'music-metadata';
import { isOfSystem, parseTags } from './read-tags.ts';

/** What the tag formats call lyrics, without the prefix of free fields of ID3 and MP4. */
const LYRICS_NAME =
  /^(?:TXXX:|----:com\.apple\.iTunes:)?(?:(?:UN)?SYNCED ?LYRICS|LYRICS(?:-\w+)?|WM\/LYRICS|©LYR|US?LT|SY?LT)$/i;
/** Kinds of ID3's SYLT that are words: other, lyrics, text; the rest are chords, events and the like. */
const WORDS = new Set<unknown>([undefined, 0, 1, 2]);
const MILLISECONDS = 2;

/**
 * The lyrics in the tags of a sound file, each as text: LRC where it is timed, as it stands in the tag. Empty where there are
 * none, and where the file cannot be read.
 */
export async function readLyrics(path: string): Promise<string[]> {
  try {
    const found = await parseTags(path);
    return found ? lyricsIn(found) : [];
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    return [];
  }
}

/** From the tags as they are, because the library's own reading of LRC knows one time a line and no offset. */
function lyricsIn({ native }: IAudioMetadata): string[] {
  return Object.values(native)
    .flat()
    .filter(({ id }) => LYRICS_NAME.test(id))
    .map(({ value }) => (typeof value === 'string' ? value : textOf((value ?? {}) as Partial<ILyricsTag>)))
    .filter((text) => text.trim() !== '');
}

function textOf({ text, syncText, contentType, timeStampFormat }: Partial<ILyricsTag>): string {
  if (typeof text === 'string') return text;
  if (!syncText || !WORDS.has(contentType)) return '';
  const isTimed = timeStampFormat === MILLISECONDS;
  return linesOf(syncText)
    .map(({ words, ms }) => (isTimed ? `${stampOf(ms)}${words}` : words))
    .join('\n');
}

/** A SYLT frame is in lines, or in syllables where the first of each line begins with a line break (id3v2.4.0-frames, 4.9). */
function linesOf(syllables: ILyricsTag['syncText']): { words: string; ms: number }[] {
  const isInSyllables = syllables.some(({ text }, at) => at > 0 && text.startsWith('\n'));
  const lines: { words: string; ms: number }[] = [];
  for (const { text, timestamp = 0 } of syllables) {
    const line = lines.at(-1);
    const words = text.replace(/^\n/, '').replaceAll('\n', ' ');
    if (isInSyllables && line && !text.startsWith('\n')) line.words += words;
    else lines.push({ words, ms: timestamp });
  }
  return lines;
}

function stampOf(ms: number): string {
  const minutes = String(Math.floor(ms / 60_000)).padStart(2, '0');
  return `[${minutes}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')}]`;
}
