import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Clip } from './belief.ts';
import type { Provider, ProviderAnswer } from './identify.ts';
import type { Learnt } from './learn/learnt.ts';
import type { Refusals } from './learn/refusals.ts';
import type { Catalogue } from './library/catalogue.ts';
import type { Matcher } from './matcher.ts';
import type { Expected, TrackMatch } from './matcher-protocol.ts';
import type { DueTrack } from './side.ts';

/*
 * Shares of significances, measured on 1,000 clips of the development set (docs/recognition.md) of 3 to 8 s, clean, in noise,
 * in a room and at other speeds, with each track in the index four times: as the file, as MP3 of 48 kbit/s with other treble
 * and bass, and as heard over noise 15 and 5 dB below at speeds 1 % off. Any other track had at most 0.02.
 */
/** Of two releases of a recording the one that fits less had no less than this in 99 of 100, at the median 0.93. */
const sameRecordingShare = 0.4;
/** A file of the user's wins over the same track as it was learnt: it had no less than this of it in 99 of 100. */
const filesShare = 0.3;

/** Deck and file agree no better about where a track begins. */
const leastWithinSeconds = 2;

/** Where names come from for what the index found. */
type Names = {
  catalogue: Pick<Catalogue, 'track'>;
  learnt: Pick<Learnt, 'piece'>;
  refusals: Pick<Refusals, 'of'>;
  named(trackId: string): IdentifiedTrack | null;
  /** True for a track of the record that has been playing; left out where that is not asked about. */
  fits?(trackId: string): boolean;
};

type LocalOptions = Names & {
  matcher: Pick<Matcher, 'query'>;
  catalogue: Pick<Catalogue, 'trackById'>;
  /** Null: none is due. */
  next(nowMs: number): DueTrack | null;
  /** The sound is none of these tracks, because a person said so: nobody else may name them either. */
  onRefused(trackIds: ReadonlySet<string>): void;
};

/** The user's own music, and what was learnt: asked first, needs no network. */
export function localProvider(options: LocalOptions): Provider {
  return {
    name: 'local',
    limitMs: 5000,
    async identify({ pcm, startMs, endMs }) {
      const found = await options.matcher.query(pcm, expectedAt({ startMs, endMs }, options));
      const refused = refusedFor(found, options.refusals);
      if (refused.size > 0) options.onRefused(refused);
      return answerFrom(found, options) ?? { kind: 'no_match' };
    },
  };
}

/** The next track of the record, which needs less to be believed than any other: the clip has it from its beginning. */
function expectedAt({ startMs, endMs }: Clip, { next, catalogue }: LocalOptions): Expected | null {
  const due = next(endMs);
  const track = due && catalogue.trackById(due.trackId);
  if (!track) return null;
  const withinSeconds = Math.max(leastWithinSeconds, (startMs - due.notBeforeMs) / 1000);
  return { trackKey: track.trackKey, withinSeconds };
}

type Named = Extract<ProviderAnswer, { kind: 'match' }>;

/**
 * What a person said that this sound is not. A refused sound is by its nature like the track it was taken for, so that
 * the track itself may bring it along as a weak match: that says nothing about the track. The refused sound itself, played
 * again, is as good a match as any.
 */
function refusedFor(found: readonly TrackMatch[], refusals: Pick<Refusals, 'of'>): ReadonlySet<string> {
  const enough = sameRecordingShare * (found[0]?.significance ?? 0);
  return refusals.of(
    found.filter(({ significance }) => significance >= enough).map(({ trackKey }) => trackKey),
  );
}

/** The best name for what was found, best first; null when nothing of it has a name that may be given. */
export function answerFrom(
  found: readonly TrackMatch[],
  { catalogue, learnt, refusals, named, fits }: Names,
): Named | null {
  const refused = refusedFor(found, refusals);
  let best: { answer: Named; significance: number } | null = null;
  const enough = sameRecordingShare * (found[0]?.significance ?? 0);
  // A recording that is on two releases is of the one that has been playing.
  const isNeighbour = (match: TrackMatch) =>
    match.significance >= enough && fits?.(catalogue.track(match.trackKey)?.trackId ?? '') === true;
  const inOrder = [...found.filter(isNeighbour), ...found.filter((match) => !isNeighbour(match))];
  for (const match of inOrder) {
    const file = nameOfFile(match, catalogue);
    const answer = file ?? nameOfLearnt(match, learnt, named);
    // Without a name: a sound that nobody has named yet, or a file removed a moment ago.
    if (!answer || refused.has(answer.match.trackId)) continue;
    if (file && match.significance >= filesShare * (best?.significance ?? 0)) return answer;
    best ??= { answer, significance: match.significance };
  }
  return best?.answer ?? null;
}

function nameOfFile(match: TrackMatch, catalogue: Names['catalogue']): Named | null {
  const track = catalogue.track(match.trackKey);
  if (!track) return null;
  const { offsetSeconds, speed } = match;
  return {
    kind: 'match',
    match: { trackId: track.trackId, offsetSeconds, speed, durationSeconds: track.seconds },
  };
}

function nameOfLearnt(match: TrackMatch, learnt: Names['learnt'], named: Names['named']): Named | null {
  const piece = learnt.piece(match.trackKey);
  const track = piece && named(piece.trackId);
  if (!track) return null;
  return {
    kind: 'match',
    match: {
      trackId: track.track_id,
      offsetSeconds: piece.offsetSeconds + match.offsetSeconds * piece.speed,
      speed: match.speed * piece.speed,
      durationSeconds: track.duration_seconds ?? null,
    },
  };
}
