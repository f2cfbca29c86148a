-- The same text for SQLite and PostgreSQL. Times are milliseconds since 1970 (UTC), flags 0 or 1, identifiers 32 hex digits.

CREATE TABLE message (
    id                TEXT NOT NULL PRIMARY KEY,
    received_at       BIGINT NOT NULL,
    client            TEXT NOT NULL,
    helo              TEXT NOT NULL,
    sender            TEXT NOT NULL,
    eight_bit         BIGINT NOT NULL,
    smtp_utf8         BIGINT NOT NULL,
    dsn_return        TEXT,
    dsn_envelope_id   TEXT,
    size              BIGINT NOT NULL,
    subject           TEXT,
    header_from       TEXT,
    message_id_header TEXT,
    state             TEXT NOT NULL,
    held_by           TEXT,            -- the admin who held it; NULL when the verdict did
    disposition       TEXT NOT NULL,
    score             BIGINT NOT NULL,
    verdict           TEXT NOT NULL,   -- JSON: the findings
    trace_header      TEXT NOT NULL,
    wrapped_key       $blob$,          -- NULL: destroyed, or never kept
    key_id            TEXT,            -- the master key that wrapped it
    chunk_size        BIGINT NOT NULL,
    attempts          BIGINT NOT NULL,
    due_at            BIGINT,          -- of a queued letter: the next attempt; while claimed, the end of the lease
    claimed_by        TEXT,
    delay_notified    BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);

CREATE INDEX message_due ON message (due_at) WHERE state = 'Queued';
CREATE INDEX message_state ON message (state, received_at, id);
CREATE INDEX message_received ON message (received_at, id);
CREATE INDEX message_kept ON message (updated_at) WHERE wrapped_key IS NOT NULL AND state IN ('Delivered', 'Bounced');

CREATE TABLE octets (
    message_id TEXT NOT NULL REFERENCES message (id),
    chunk      BIGINT NOT NULL,
    sealed     $blob$ NOT NULL,
    PRIMARY KEY (message_id, chunk)
);

CREATE TABLE recipient (
    message_id TEXT NOT NULL REFERENCES message (id),
    position   BIGINT NOT NULL,
    address    TEXT NOT NULL,
    dsn_notify TEXT,
    dsn_orcpt  TEXT,
    state      TEXT NOT NULL,
    reply      TEXT,
    host       TEXT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, position)
);

-- One row: which master key wraps new letters, and the audit log's own key, wrapped by it.
CREATE TABLE vault (
    one       BIGINT NOT NULL PRIMARY KEY,
    key_id    TEXT NOT NULL,
    audit_key $blob$ NOT NULL
);

CREATE TABLE audit (
    seq      BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    detail   TEXT NOT NULL,            -- JSON
    previous $blob$ NOT NULL,
    hash     $blob$ NOT NULL
);

-- One row: the last entry, under a seal of its own. Changing it first puts all appends in line, those of other gateways too.
CREATE TABLE audit_head (
    one  BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash $blob$ NOT NULL,
    seal $blob$ NOT NULL
);
