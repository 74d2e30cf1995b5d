import type { Kysely } from 'kysely';

/** 0 or 1: SQLite has no boolean. */
export type Flag = 0 | 1;

/** A moment as the old program stores it: UTC, `YYYY-MM-DD HH:MM:SS.ffffff`. */
export type StoredTime = string;

/** 32 hex digits without dashes. */
export type StoredId = string;

export type TracksTable = {
  track_guid: StoredId;
  track_name: string;
  artist_name: string | null;
  album_name: string | null;
  track_no: number | null;
  label: string | null;
  released: string | null;
  track_image: string | null;
  artist_image: string | null;
  duration_seconds: number | null;
  last_fm: string | null;
  file_path: string | null;
  is_edited: Flag;
};

export type TrackIdsTable = { track_guid: StoredId; track_id: string; source: string };

export type HistoryTable = {
  entry_id: StoredId;
  track_guid: StoredId;
  detected_at: StoredTime;
  started_at: StoredTime | null;
  ended_at: StoredTime | null;
  is_manual: Flag;
  saved_temp_buffer: Flag;
  saved_to_library: Flag;
  revision: number;
  speed: number;
  inferred: Flag;
  /** When a person said that it was another track: then it is shown nowhere. */
  taken_back_at: StoredTime | null;
};

export type RemovedEntriesTable = { entry_id: StoredId; removed_at: StoredTime };

export type TakesTable = {
  entry_id: StoredId;
  path: string;
  wished_from: StoredTime;
  wished_to: StoredTime;
  started_at: StoredTime;
  duration_seconds: number;
  sample_rate: number;
  channels: number;
  bits_per_sample: number;
  frames: number;
  clean: Flag;
  complete: Flag;
};

export type LyricsAnswersTable = {
  question: string;
  answered_at: StoredTime;
  kind: 'lyrics' | 'instrumental' | 'none';
  text: string | null;
};

export type Tables = {
  tracks: TracksTable;
  track_ids: TrackIdsTable;
  history: HistoryTable;
  removed_entries: RemovedEntriesTable;
  takes: TakesTable;
  lyrics_answers: LyricsAnswersTable;
};

export type Database = Kysely<Tables>;
