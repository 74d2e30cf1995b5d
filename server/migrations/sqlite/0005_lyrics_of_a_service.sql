-- What LRCLIB answered, so that one track is asked about once. `question` is what it was told, as JSON.
CREATE TABLE lyrics_answers (
  question VARCHAR NOT NULL PRIMARY KEY,
  answered_at DATETIME NOT NULL,
  kind VARCHAR NOT NULL CHECK (kind IN ('lyrics', 'instrumental', 'none')),
  -- Of lyrics: LRC or plain text, as it came.
  text VARCHAR CHECK ((text IS NULL) = (kind <> 'lyrics'))
);
