import type { Lyrics } from '@pidentify/contracts';

/** Nobody sings more; what is beyond is a mistake, or somebody who wants our memory. */
const mostLines = 2000;
const mostWords = 500;

const time = String.raw`(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?`;
const stamps = new RegExp(String.raw`^\s*(?:\[${time}\]\s*)+`);
const stamp = new RegExp(String.raw`\[${time}\]`, 'g');
const wordStamp = new RegExp(`<${time}>`, 'g');
/** Over the whole text, so its spaces end with the line: from each empty line on to the next words would take forever. */
const offsetTag = /^[ \t]*\[offset[ \t]*:[ \t]*([+-]?\d{1,7})[ \t]*\]/im;
/** Known ones alone: `[Chorus: all]` is text. */
const tagLine = /^\s*\[(?:ti|ar|al|au|lr|length|by|offset|re|tool|ve|la|#)\s*:.*\]\s*$/i;

/**
 * Lyrics from LRC (https://en.wikipedia.org/wiki/LRC_(file_format)): several times a line, `[offset:±ms]` (positive: sooner),
 * times of single words left out. Text without times is unsynced, each line at 0. Null where there are no words.
 */
export function parseLrc(text: string): Lyrics | null {
  const rows = text.replace(/^\ufeff/, '').split(/\r\n?|\n/);
  const synced = rows.some((row) => stamps.test(row));
  const lines = synced ? timedLines(rows, Number(offsetTag.exec(text)?.[1] ?? 0)) : plainLines(rows);
  return lines.some(({ words }) => words !== '') ? { synced, lines } : null;
}

function timedLines(rows: readonly string[], offsetMs: number): Lyrics['lines'] {
  const lines: Lyrics['lines'] = [];
  for (const row of rows) {
    const times = stamps.exec(row)?.[0];
    if (times === undefined) continue;
    const words = cleaned(row.slice(times.length).replaceAll(wordStamp, ''));
    for (const [, minutes, seconds, fraction = ''] of times.matchAll(stamp)) {
      const ms = Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(fraction.padEnd(3, '0'));
      if (lines.length < mostLines) lines.push({ startTimeMs: Math.max(0, ms - offsetMs), words });
    }
  }
  return lines.sort((a, b) => a.startTimeMs - b.startTimeMs);
}

/** An empty line between two verses stays. */
function plainLines(rows: readonly string[]): Lyrics['lines'] {
  const words = rows.filter((row) => !tagLine.test(row)).map(cleaned);
  const first = words.findIndex((line) => line !== '');
  const last = words.findLastIndex((line) => line !== '');
  const kept = words.slice(Math.max(0, first), last + 1).slice(0, mostLines);
  return kept.map((line) => ({ startTimeMs: 0, words: line }));
}

const cleaned = (words: string) =>
  words
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, mostWords)
    .toWellFormed();
