-- What a field was kept to in a revision, it is kept to for ever: see
-- record/history.go.
ALTER TABLE revision ADD COLUMN narrowed TEXT NOT NULL DEFAULT '';
