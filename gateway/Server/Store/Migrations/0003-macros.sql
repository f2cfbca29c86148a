-- Macros that an admin allows, by the hash of their normalised code. scope: an address, a domain, .domain for all below, or * for every recipient.

CREATE TABLE macro_allowed (
    hash       TEXT NOT NULL,
    scope      TEXT NOT NULL,
    author     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    source     TEXT NOT NULL,          -- the letter it was taken from, and the document's place in it
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                 -- NULL: never
    PRIMARY KEY (hash, scope)
);
