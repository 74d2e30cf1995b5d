-- The tables of the program before this one, with its encodings: ids are 32 hex digits, times are UTC
-- `YYYY-MM-DD HH:MM:SS.ffffff`. An adopted database has them already, so each is made only where missing.

CREATE TABLE IF NOT EXISTS tracks (
  track_guid CHAR(32) NOT NULL PRIMARY KEY,
  track_name VARCHAR NOT NULL,
  artist_name VARCHAR,
  album_name VARCHAR,
  track_no INTEGER,
  label VARCHAR,
  released VARCHAR,
  track_image VARCHAR,
  artist_image VARCHAR,
  duration_seconds REAL,
  last_fm JSON,
  file_path VARCHAR
);

CREATE TABLE IF NOT EXISTS track_ids (
  track_guid CHAR(32) NOT NULL REFERENCES tracks (track_guid),
  track_id VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  PRIMARY KEY (track_guid, track_id)
);

CREATE TABLE IF NOT EXISTS history (
  entry_id CHAR(32) NOT NULL PRIMARY KEY,
  track_guid CHAR(32) NOT NULL REFERENCES tracks (track_guid),
  detected_at DATETIME NOT NULL,
  started_at DATETIME,
  is_manual BOOLEAN NOT NULL DEFAULT 0,
  saved_temp_buffer BOOLEAN NOT NULL DEFAULT 0,
  saved_to_library BOOLEAN NOT NULL DEFAULT 0
);

-- Kept so that the old program can open the file again.
CREATE TABLE IF NOT EXISTS alembic_version (
  version_num VARCHAR(32) NOT NULL PRIMARY KEY
);
INSERT OR IGNORE INTO alembic_version (version_num) VALUES ('ea656ca2045b');
