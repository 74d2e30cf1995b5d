/** Formats that are told apart by their content; `other` may still be readable by an outside program. */
export type SoundFormat = 'wav' | 'flac' | 'mp3' | 'vorbis' | 'opus' | 'other';

/** Enough of a file to know its format (after any ID3v2 tag). */
export const SNIFF_BYTES = 128;

const ascii = (head: Uint8Array, offset: number, text: string): boolean =>
  [...text].every((character, index) => head[offset + index] === character.charCodeAt(0));

/**
 * Length of an ID3v2 tag at the start of `head` with its header and footer, 0 without one.
 * Source: id3.org, ID3v2.4.0 structure, 3.1.
 */
export function id3Length(head: Uint8Array): number {
  if (head.length < 10 || !ascii(head, 0, 'ID3')) return 0;
  const size = ((head[6] & 127) << 21) | ((head[7] & 127) << 14) | ((head[8] & 127) << 7) | (head[9] & 127);
  const hasFooter = (head[5] & 0x10) !== 0;
  return 10 + size + (hasFooter ? 10 : 0);
}

/** FLAC of 32 bit needs 33-bit arithmetic and hardly exists: it is left to an outside program. */
const MAX_FLAC_DEPTH = 24;
const flacDepth = (head: Uint8Array): number => (((head[20] & 1) << 4) | (head[21] >> 4)) + 1;

const OTHER_SIGNS: readonly [offset: number, text: string][] = [
  [4, 'ftyp'],
  [0, 'FORM'],
  [0, 'wvpk'],
  [0, 'MAC '],
  [0, 'caff'],
  [0, '\x30\x26\xb2\x75'],
];

/**
 * Names the format by its first bytes, an Ogg file by the first packet of its first page; null when
 * they say nothing, as with MP3, which has no sign of its own.
 */
export function sniffFormat(head: Uint8Array): SoundFormat | null {
  if (ascii(head, 0, 'fLaC')) return flacDepth(head) <= MAX_FLAC_DEPTH ? 'flac' : 'other';
  const riff = ascii(head, 0, 'RIFF') || ascii(head, 0, 'RF64') || ascii(head, 0, 'BW64');
  if (riff && ascii(head, 8, 'WAVE')) return 'wav';
  if (ascii(head, 0, 'OggS')) {
    const packet = 27 + (head[26] ?? 0);
    if (ascii(head, packet, '\x01vorbis')) return 'vorbis';
    return ascii(head, packet, 'OpusHead') ? 'opus' : 'other';
  }
  return OTHER_SIGNS.some(([offset, text]) => ascii(head, offset, text)) ? 'other' : null;
}
