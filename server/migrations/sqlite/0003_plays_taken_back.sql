-- A play that a person said was of another track: it is kept so that this can be undone, and shown nowhere.
ALTER TABLE history ADD COLUMN taken_back_at DATETIME;
