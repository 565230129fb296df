-- The kernel's tables. One text for SQLite and PostgreSQL: INTEGER is enough
-- for record numbers, moments are microseconds in BIGINT, lists of codes are
-- separated by spaces.

-- The one row that orders all writes. Every write transaction begins with
-- UPDATE head SET seq = seq + 1 RETURNING seq; the row lock makes writers queue,
-- so commit order is seq order. epoch changes when a backup is restored.
CREATE TABLE head (
    k     INTEGER PRIMARY KEY CHECK (k = 1),
    epoch TEXT    NOT NULL,
    floor BIGINT  NOT NULL,
    seq   BIGINT  NOT NULL,
    n     INTEGER NOT NULL,
    audit BIGINT  NOT NULL,
    party BIGINT  NOT NULL -- changes of parties, groups and their members
);
INSERT INTO head (k, epoch, floor, seq, n, audit, party) VALUES (1, 'first', 0, 0, 0, 0, 0);

CREATE TABLE record (
    n          INTEGER  PRIMARY KEY,
    id         TEXT     NOT NULL UNIQUE,
    kind       TEXT     NOT NULL,
    owner      TEXT     NOT NULL,
    audience   TEXT     NOT NULL,
    named      TEXT     NOT NULL, -- parties and groups the owner named (audience group)
    partners   TEXT     NOT NULL, -- parties that take part in the record
    narrowed   TEXT     NOT NULL, -- field=audience the owner chose, narrower than the record's
    state      TEXT     NOT NULL,
    cell       SMALLINT NOT NULL, -- derived from state and audience: 0 public, 1 states, 2 named
    created    BIGINT   NOT NULL,
    updated    BIGINT   NOT NULL,
    verified   BIGINT   NOT NULL,
    review_due BIGINT   NOT NULL,
    date       BIGINT   NOT NULL, -- the kind's own date
    revision   INTEGER  NOT NULL,
    author     TEXT     NOT NULL, -- account
    origin     TEXT     NOT NULL, -- where an imported record came from
    body       TEXT     NOT NULL, -- the kind's own fields, JSON
    seq        BIGINT   NOT NULL
);
CREATE INDEX record_seq ON record (seq);
CREATE INDEX record_due ON record (review_due);
CREATE INDEX record_owner ON record (owner, kind);

-- Who may read a record besides its owner and its cell: party and group codes.
-- Derived from state, named and partners in the transaction that writes them.
CREATE TABLE record_reader (
    code TEXT    NOT NULL,
    n    INTEGER NOT NULL REFERENCES record (n),
    PRIMARY KEY (code, n)
);
CREATE INDEX record_reader_n ON record_reader (n);

-- What the list index knows of a record, packed: see record/feed.go.
CREATE TABLE record_idx (
    n   INTEGER PRIMARY KEY REFERENCES record (n),
    seq BIGINT  NOT NULL,
    env TEXT    NOT NULL
);
CREATE INDEX record_idx_seq ON record_idx (seq);

-- Names other systems have for a record, each for one record only: makes
-- imports idempotent and "already listed?" exact.
CREATE TABLE record_key (
    key TEXT    PRIMARY KEY,
    n   INTEGER NOT NULL REFERENCES record (n)
);
CREATE INDEX record_key_n ON record_key (n);

CREATE TABLE revision (
    n        INTEGER NOT NULL REFERENCES record (n),
    revision INTEGER NOT NULL,
    at       BIGINT  NOT NULL,
    account  TEXT    NOT NULL,
    party    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    audience TEXT    NOT NULL,
    named    TEXT    NOT NULL,
    note     TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (n, revision)
);

-- Append-only: every change and every refused attempt. No content of records.
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    account TEXT   NOT NULL,
    party   TEXT   NOT NULL,
    via     TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    record  TEXT   NOT NULL,
    outcome TEXT   NOT NULL,
    detail  TEXT   NOT NULL
);
CREATE INDEX audit_record ON audit (record);
CREATE INDEX audit_party ON audit (party, seq);

-- The queue of work to do after a commit: notices, reminders. Written in the
-- transaction that causes it.
CREATE TABLE job (
    id       TEXT    PRIMARY KEY,
    kind     TEXT    NOT NULL,
    due      BIGINT  NOT NULL,
    payload  TEXT    NOT NULL,
    attempts INTEGER NOT NULL,
    leased   BIGINT  NOT NULL,
    done     BIGINT  NOT NULL,
    error    TEXT    NOT NULL
);
CREATE INDEX job_due ON job (done, due);

-- Keys of forms and API calls that must act once however often they are sent.
CREATE TABLE once (
    key    TEXT   PRIMARY KEY,
    result TEXT   NOT NULL,
    at     BIGINT NOT NULL
);

CREATE TABLE party (
    code   TEXT    PRIMARY KEY,
    kind   TEXT    NOT NULL, -- state, regional, un-entity, stakeholder, secretariat
    names  TEXT    NOT NULL, -- JSON, six languages
    short  TEXT    NOT NULL, -- JSON, six languages; may be empty
    status TEXT    NOT NULL, -- of a State: member or observer
    grp    TEXT    NOT NULL, -- of a regional organisation: the group of its members
    zone   TEXT    NOT NULL, -- IANA time zone
    lang   TEXT    NOT NULL, -- language its people most likely want
    url    TEXT    NOT NULL,
    edited BIGINT  NOT NULL  -- when the administrator changed it; 0 = as shipped
);

CREATE TABLE party_group (
    code   TEXT   PRIMARY KEY, -- begins with @
    type   TEXT   NOT NULL,
    names  TEXT   NOT NULL,
    source TEXT   NOT NULL,
    edited BIGINT NOT NULL
);

CREATE TABLE party_member (
    grp   TEXT NOT NULL REFERENCES party_group (code),
    party TEXT NOT NULL REFERENCES party (code),
    PRIMARY KEY (grp, party)
);

-- An account is one person's; its party and its roles decide what it may do,
-- and are read on every request. joined is 0 while the invitation is pending.
CREATE TABLE account (
    id        TEXT    PRIMARY KEY,
    party     TEXT    NOT NULL REFERENCES party (code),
    name      TEXT    NOT NULL,
    email     TEXT    NOT NULL, -- as typed
    login     TEXT    NOT NULL UNIQUE, -- folded e-mail
    lang      TEXT    NOT NULL,
    roles     TEXT    NOT NULL,
    password  TEXT    NOT NULL, -- argon2id in PHC form, or empty
    totp      TEXT    NOT NULL, -- secret, or empty
    totp_new  TEXT    NOT NULL, -- secret that waits for its first code
    totp_step BIGINT  NOT NULL, -- last time step used: no code passes twice
    disabled  BIGINT  NOT NULL,
    created   BIGINT  NOT NULL,
    joined    BIGINT  NOT NULL, -- first sign-in or acceptance
    seen      BIGINT  NOT NULL  -- last look at "my delegation"
);
CREATE INDEX account_party ON account (party);

-- Links with a secret: invitation, password reset, sign-in. Only hashes are kept.
CREATE TABLE link (
    hash     TEXT     PRIMARY KEY,
    account  TEXT     NOT NULL REFERENCES account (id),
    purpose  TEXT     NOT NULL, -- invite, reset, signin
    created  BIGINT   NOT NULL,
    expires  BIGINT   NOT NULL,
    reusable SMALLINT NOT NULL, -- 1: until it expires (demonstration only)
    used     BIGINT   NOT NULL
);
CREATE INDEX link_account ON link (account);

CREATE TABLE session (
    hash    TEXT   PRIMARY KEY,
    account TEXT   NOT NULL REFERENCES account (id),
    created BIGINT NOT NULL, -- sign-in; survives rotation
    seen    BIGINT NOT NULL, -- to the minute
    proved  BIGINT NOT NULL, -- when the password was last given
    expires BIGINT NOT NULL,
    agent   TEXT   NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE token (
    hash    TEXT   PRIMARY KEY,
    id      TEXT   NOT NULL UNIQUE,
    account TEXT   NOT NULL REFERENCES account (id),
    name    TEXT   NOT NULL,
    scopes  TEXT   NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL -- to the hour
);
CREATE INDEX token_account ON token (account);

-- Guesses at secrets and other things that are limited, counted by what is
-- guessed at, never by where from: see party/limit.go.
CREATE TABLE attempt (
    key    TEXT   PRIMARY KEY,
    slot   BIGINT NOT NULL, -- number of the newest slot of time
    counts TEXT   NOT NULL, -- counts of this slot and those before
    until  BIGINT NOT NULL  -- when the row says nothing any more
);

-- What was typed into a form whose sender was no longer signed in, kept for
-- an hour so that nothing has to be typed twice (WCAG 2.2.5).
CREATE TABLE kept_form (
    hash    TEXT   PRIMARY KEY,
    path    TEXT   NOT NULL,
    form    TEXT   NOT NULL,
    expires BIGINT NOT NULL
);
