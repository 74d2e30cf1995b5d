ALTER TABLE history ADD COLUMN ended_at DATETIME;
-- The recorder's count of how often it told this play; 0: it never did.
ALTER TABLE history ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE history ADD COLUMN speed REAL NOT NULL DEFAULT 1;

-- 1: a person has corrected it, no recogniser may change it any more. What an old database holds may
-- have been corrected, so it counts as such.
ALTER TABLE tracks ADD COLUMN is_edited BOOLEAN NOT NULL DEFAULT 0;
UPDATE tracks SET is_edited = 1;

-- Entries that a person removed: told again, they stay away.
CREATE TABLE removed_entries (
  entry_id CHAR(32) NOT NULL PRIMARY KEY,
  removed_at DATETIME NOT NULL
);

-- Stretches of the rolling buffer that were cut out to be trimmed; times as in history.
CREATE TABLE takes (
  entry_id CHAR(32) NOT NULL PRIMARY KEY REFERENCES history (entry_id) ON DELETE CASCADE,
  path VARCHAR NOT NULL,
  wished_from DATETIME NOT NULL,
  wished_to DATETIME NOT NULL,
  started_at DATETIME NOT NULL,
  duration_seconds REAL NOT NULL,
  sample_rate INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  bits_per_sample INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  clean BOOLEAN NOT NULL,
  complete BOOLEAN NOT NULL
);

CREATE INDEX history_newest ON history (detected_at DESC, entry_id DESC);
CREATE INDEX history_of_track ON history (track_guid);
CREATE INDEX track_by_id ON track_ids (source, track_id);
