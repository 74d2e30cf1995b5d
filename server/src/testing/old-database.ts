import { DatabaseSync } from 'node:sqlite';

export const oldEntry = '0a1b2c3d4e5f40718293a4b5c6d7e8f9';
export const oldTrack = 'ffeeddccbbaa49988776655443322110';

/** A database as the newest old program leaves it, with one play, written as SQLAlchemy writes. */
export function writeOldDatabase(path: string, { revision = 'ea656ca2045b' } = {}): void {
  const sqlite = new DatabaseSync(path);
  sqlite.exec(`
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
      CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
    INSERT INTO alembic_version VALUES ('${revision}');
    CREATE TABLE tracks (track_guid CHAR(32) NOT NULL, track_name VARCHAR NOT NULL, artist_name VARCHAR,
      album_name VARCHAR, track_no INTEGER, label VARCHAR, released VARCHAR, track_image VARCHAR,
      artist_image VARCHAR, duration_seconds REAL, last_fm JSON, file_path VARCHAR, PRIMARY KEY (track_guid));
    CREATE TABLE track_ids (track_guid CHAR(32) NOT NULL, track_id VARCHAR NOT NULL, source VARCHAR NOT NULL,
      PRIMARY KEY (track_guid, track_id), FOREIGN KEY(track_guid) REFERENCES tracks (track_guid));
    CREATE TABLE history (entry_id CHAR(32) NOT NULL, track_guid CHAR(32) NOT NULL, detected_at DATETIME NOT NULL,
      started_at DATETIME, is_manual BOOLEAN NOT NULL, saved_temp_buffer BOOLEAN NOT NULL,
      saved_to_library BOOLEAN NOT NULL, PRIMARY KEY (entry_id),
      FOREIGN KEY(track_guid) REFERENCES tracks (track_guid));
    INSERT INTO tracks VALUES ('${oldTrack}', 'Teardrop', 'Massive Attack', 'Mezzanine', 3, 'Virgin', '1998',
      'https://example.org/a.jpg', NULL, 330.5, '{"url": "https://www.last.fm/x"}', NULL);
    INSERT INTO track_ids VALUES ('${oldTrack}', '40333609', 'shazam');
    INSERT INTO history VALUES ('${oldEntry}', '${oldTrack}', '2024-03-01 20:15:30.123456',
      '2024-03-01 20:15:00.000000', 0, 1, 0);`);
  sqlite.close();
}
