import type { Level, NowPlaying, RecorderSnapshot, Status } from '@pidentify/contracts';
import { listenPhaseText } from '@pidentify/contracts';

/** What the database adds to a track that is on the display. */
export type KnownTrack = {
  track_guid: string;
  /** What a person has corrected, shown in place of what the recorder says. */
  corrected: Partial<NonNullable<Status['track']>> | null;
};

/** `starting`: not heard of yet; `present`: it tells its state; `gone`: it has not been heard of for a while. */
export type RecorderPresence = 'starting' | 'present' | 'gone';

export const recorderGoneText = 'The recorder is not running; it is being started again.';

/** The display, from the recorder's last word and what the database knows of the track. */
export function statusOf({
  presence,
  snapshot,
  level,
  known,
}: {
  presence: RecorderPresence;
  snapshot: RecorderSnapshot | null;
  level: Level | null;
  known: KnownTrack | null;
}): Status {
  if (!snapshot || presence !== 'present') {
    const message = presence === 'gone' ? recorderGoneText : listenPhaseText.starting;
    return { success: false, message, can_skip: false, phase: 'starting' };
  }
  const playing = snapshot.now_playing;
  return {
    success: playing !== null,
    message: snapshot.message || listenPhaseText[snapshot.phase],
    rms: level?.rms ?? null,
    next_scan: snapshot.next_scan,
    scan_ends: snapshot.scan_ends,
    can_skip: snapshot.next_scan !== null && snapshot.scan_ends === null,
    phase: snapshot.phase,
    side: snapshot.side ?? null,
    ...(playing && displayOf(playing, known)),
  };
}

function displayOf(playing: NowPlaying, known: KnownTrack | null): Partial<Status> {
  const { source: _source, file_path: _path, ...track } = playing.track;
  const shown = { ...track, ...known?.corrected };
  return {
    recorded_at: playing.recorded_at,
    started_at: playing.started_at,
    duration_seconds: shown.duration_seconds ?? null,
    track: { ...shown, track_guid: known?.track_guid ?? null, offset: playing.offset },
    certainty: playing.certainty,
    entry_id: playing.entry_id,
    speed: playing.speed,
  };
}
