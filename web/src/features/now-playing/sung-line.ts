import type { Lyrics } from '@pidentify/contracts';

/** The line that is sung at `position` (seconds of the track), by its place in the list; -1 before the first one. */
export function sungLine({ lines }: Lyrics, position: number): number {
  return lines.findLastIndex(({ startTimeMs }) => startTimeMs <= position * 1000);
}

/**
 * Milliseconds of ours until the next line begins: a deck that is 1.8 % fast gets there sooner. Null: there is none to come,
 * and for unsynced lyrics.
 */
export function msToNextLine({
  lyrics,
  position,
  speed,
}: {
  lyrics: Lyrics;
  position: number;
  speed: number;
}): number | null {
  const next = lyrics.synced && lyrics.lines[sungLine(lyrics, position) + 1];
  return next ? (next.startTimeMs - position * 1000) / speed : null;
}
