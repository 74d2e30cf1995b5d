import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { musicOf, run } from './program.ts';

/** A song of a Debian package, and what it is called in the test library. */
export type Song = { source: string; title: string; artist: string; album: string };

const song = (folder: string, name: string, title: string, artist: string): Song => ({
  source: join(musicOf(folder), name, 'song.ogg'),
  title,
  artist,
  album: 'Frets',
});

export const chaosland = () => song('sectoid', 'Escape from chaosland', 'Escape from Chaosland', 'Sectoid');
export const feelings = () => song('sectoid', 'Feelings', 'Feelings', 'Sectoid');
export const metalMadness = () => song('sectoid', 'Metal madness', 'Metal Madness', 'Sectoid');
export const stranger = () => song('muldjord', 'armygeddon', 'Armygeddon', 'Muldjord');

/** Puts songs into a music folder, tagged and with a cover, as a person has them. */
export function makeLibrary(folder: string, songs: readonly Song[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [position, { source, title, artist, album }] of songs.entries()) {
    const path = join(folder, artist, album, `${String(position + 1).padStart(2, '0')} - ${title}.flac`);
    mkdirSync(join(path, '..'), { recursive: true });
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-i', source],
      ...['-f', 'lavfi', '-i', 'color=c=0x884422:s=300x300:d=1'],
      ...['-map', '0:a', '-map', '1:v', '-frames:v', '1', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'],
      ...['-c:a', 'flac', '-metadata', `title=${title}`, '-metadata', `artist=${artist}`],
      ...['-metadata', `album=${album}`, '-metadata', `track=${position + 1}`, path],
    ]);
  }
}

/** Cuts a stretch of a song into a WAV file, to be played. */
export function cutSong(
  { source }: Song,
  { from, seconds, path }: { from: number; seconds: number; path: string },
): string {
  run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-ss',
    String(from),
    '-t',
    String(seconds),
    '-i',
    source,
    '-ar',
    '44100',
    '-ac',
    '2',
    path,
  ]);
  return path;
}

/** Stereo frames that count: left the low, right the high 16 bits of the frame number. */
export function counterFrames(frames: number): Buffer {
  const bytes = Buffer.alloc(frames * 4);
  for (let i = 0; i < frames; i += 1) bytes.writeUInt32LE(i + 1, i * 4);
  return bytes;
}

/** The counting frames found in `pcm`, and every place where they do not count up by one. */
export function readCounter(pcm: Buffer, frames: number): { first: number; count: number; breaks: string[] } {
  const values: number[] = [];
  for (let at = 0; at + 4 <= pcm.length; at += 4) values.push(pcm.readUInt32LE(at));
  // The signal begins where five frames count up from a small number.
  const begins = values.findIndex(
    (value, i) => value === 1 && [1, 2, 3, 4].every((step) => values[i + step] === 1 + step),
  );
  if (begins < 0) return { first: -1, count: 0, breaks: ['no counter found'] };
  const breaks: string[] = [];
  for (let i = 1; i < frames && begins + i < values.length; i += 1) {
    if (values[begins + i] !== values[begins + i - 1] + 1)
      breaks.push(`frame ${i}: ${values[begins + i]} after ${values[begins + i - 1]}`);
  }
  return { first: begins, count: Math.min(frames, values.length - begins), breaks };
}
