/** Folder, folder and file of a saved track, without the ending. Each is safe on every system. */
export type TrackPlace = { artist: string; album: string; file: string };

/** ext4, APFS, NTFS and exFAT all hold this much, whichever way they count. */
const longestName = 255;
/** Room for ` (999)` and `.flac`. */
const roomForEnding = 11;

/** `{Artist}/{Album}/{NN} - {Title}`; a track number of 0 is none. */
export function trackPlace({
  artist,
  album,
  title,
  trackNo,
}: {
  artist: string;
  album: string;
  title: string;
  trackNo: number;
}): TrackPlace {
  const number = trackNo > 0 ? `${String(trackNo).padStart(2, '0')} - ` : '';
  return {
    artist: safeName(artist, { empty: 'Unknown Artist' }),
    album: safeName(album, { empty: 'Unknown Album' }),
    file: safeName(number + withoutEdges(title, 'Untitled'), {
      empty: 'Untitled',
      longest: longestName - roomForEnding,
    }),
  };
}

// Control characters, and those that turn the direction of what follows and so hide an ending.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;
const forbidden = /[/\\:*?"<>|]/g;
// Windows gives these to devices, with any ending (learn.microsoft.com, "Naming Files").
const reserved =
  /^(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/i;

/** A text as the name of a file or folder on Linux, macOS and Windows alike. */
export function safeName(
  text: string,
  { empty, longest = longestName }: { empty: string; longest?: number },
): string {
  const clean = withoutEdges(text, empty);
  const whole = reserved.test(clean) ? `_${clean}` : clean;
  return withoutEdges(shorten(whole, longest), empty);
}

/** Windows drops dots and spaces at the end, and a dot at the front hides a file elsewhere. */
function withoutEdges(text: string, empty: string): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(unseen, '')
    .replace(forbidden, '_')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[. ]+$/, '')
    .replace(/^\.+/, '_');
  return clean === '' || /^_+$/.test(clean) ? empty : clean;
}

/** The longest beginning of at most so many bytes of UTF-8 that cuts no character as people see it. */
function shorten(text: string, longest: number): string {
  if (Buffer.byteLength(text) <= longest) return text;
  let short = '';
  for (const { segment } of new Intl.Segmenter('und').segment(text)) {
    if (Buffer.byteLength(short + segment) > longest) break;
    short += segment;
  }
  return short || text.slice(0, 1);
}
