-- Who writes to whom. Names stand here as keyed hashes only: hash is 44 bits of the outside address (or of "@" and its domain) and 20 bits of the inside
-- one, 0 for the row of the address or domain as a whole, so that all rows of one correspondent lie together and can be forgotten together.
-- Days are counted from 1970-01-01 (UTC), 0 is never.

CREATE TABLE correspondence (
    hash      $key$ NOT NULL PRIMARY KEY,
    first_day BIGINT NOT NULL,
    last_in   BIGINT NOT NULL,
    last_out  BIGINT NOT NULL,
    count_in  BIGINT NOT NULL,
    count_out BIGINT NOT NULL,
    routes    $blob$                    -- of addresses and domains: the usual ways their letters came
);

-- One row: the day the ledger began.
CREATE TABLE correspondence_start (
    one BIGINT NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL
);
