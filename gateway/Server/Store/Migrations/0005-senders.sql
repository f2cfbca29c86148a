-- Senders that an admin allows or blocks. sender: an address, a domain, .domain for all below, or the client's network; scope: an address, a domain,
-- .domain for all below, or * for every recipient.

CREATE TABLE sender_listed (
    sender     TEXT NOT NULL,
    scope      TEXT NOT NULL,
    list       TEXT NOT NULL,          -- allow, block
    author     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                 -- NULL: never
    PRIMARY KEY (sender, scope)
);

-- One row, counted up with each change: gateways ask every few seconds whether the list is still the one they know.
CREATE TABLE sender_list_state (
    one      BIGINT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);

INSERT INTO sender_list_state (one, revision) VALUES (1, 0);
