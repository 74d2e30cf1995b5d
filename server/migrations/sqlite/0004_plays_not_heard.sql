-- 1: not heard, but it must have been between two plays that were.
ALTER TABLE history ADD COLUMN inferred BOOLEAN NOT NULL DEFAULT 0;
