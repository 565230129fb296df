-- The search index (package search). SQLite keeps terms in FTS5, without the
-- texts and without positions; PostgreSQL in a tsvector, see 00002_search.postgres.sql.

CREATE VIRTUAL TABLE search_ft USING fts5(
    t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '^#-'"
);

-- Counts of a record's terms, packed: what its exact score is computed from.
CREATE TABLE search_doc (
    n     INTEGER  PRIMARY KEY,
    langs SMALLINT NOT NULL, -- one bit per language it has a text in, in the UN's order
    tv    BLOB     NOT NULL
);

-- Words of public records, to complete what a reader types. A row is a word's
-- step on a ladder, and n the record that took it there.
CREATE TABLE search_word (
    lang  SMALLINT NOT NULL,
    step  SMALLINT NOT NULL,
    word  TEXT     NOT NULL,
    shown TEXT     NOT NULL,
    term  TEXT     NOT NULL,
    n     INTEGER  NOT NULL,
    PRIMARY KEY (lang, step, word)
) WITHOUT ROWID;
CREATE INDEX search_word_n ON search_word (n);
