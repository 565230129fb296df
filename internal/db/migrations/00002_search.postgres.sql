-- The search index (package search): 00002_search.sqlite.sql for PostgreSQL.

CREATE TABLE search_ft (
    n   INTEGER  PRIMARY KEY,
    tok TSVECTOR NOT NULL
);
-- Without the list of pending entries, which every read would have to scan.
CREATE INDEX search_ft_tok ON search_ft USING gin (tok) WITH (fastupdate = off);

CREATE TABLE search_doc (
    n     INTEGER  PRIMARY KEY,
    langs SMALLINT NOT NULL, -- one bit per language it has a text in, in the UN's order
    tv    BYTEA    NOT NULL
);

CREATE TABLE search_word (
    lang  SMALLINT NOT NULL,
    step  SMALLINT NOT NULL,
    word  TEXT     COLLATE "C" NOT NULL,
    shown TEXT     NOT NULL,
    term  TEXT     NOT NULL,
    n     INTEGER  NOT NULL,
    PRIMARY KEY (lang, step, word)
);
CREATE INDEX search_word_n ON search_word (n);
