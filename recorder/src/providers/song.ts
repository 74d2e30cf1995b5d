import { createHash } from 'node:crypto';
import { type IdentifiedTrack, identifiedTrackSchema, type OnlineProvider } from '@pidentify/contracts';

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/**
 * The same for the same song, whichever service names it, so that two services can agree: made of artist and title, their
 * spelling evened out.
 */
export function songId({ artist, title }: { artist: string; title: string }): string {
  const text = `${plain(artist)}\n${plain(title) || title}`;
  return `song-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

type Song = {
  source: OnlineProvider;
  title: string;
  artist: string;
  album?: string | null;
  label?: string | null;
  released?: string | null;
  trackNo?: number | null;
  durationSeconds?: number | null;
};

const mostText = 1024;
/** What lies outside is a mistake of the service, and must not cost the name. */
const within = (value: number | null | undefined, most: number) =>
  value != null && value >= 0 && value <= most ? value : null;
const short = (text: string | null | undefined) => text?.trim().slice(0, mostText) || null;

/** A track as a service names it. */
export function songTrack({ source, title, artist, ...facts }: Song): IdentifiedTrack {
  return identifiedTrackSchema.parse({
    track_id: songId({ artist, title }),
    source,
    track_name: short(title),
    artist_name: short(artist),
    album_name: short(facts.album),
    label: short(facts.label),
    released: short(facts.released),
    track_no: within(facts.trackNo, 9999),
    duration_seconds: within(facts.durationSeconds, 86_400),
  });
}
