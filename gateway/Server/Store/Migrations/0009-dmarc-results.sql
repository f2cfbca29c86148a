-- What DMARC said of letters that came in, counted by UTC day for the aggregate reports that we send; a row goes when its report is queued, or after three days.

CREATE TABLE dmarc_result (
    day           BIGINT NOT NULL,     -- days since 1970
    domain        TEXT NOT NULL,       -- where the record stands
    hash          BIGINT NOT NULL,     -- of all that follows but the count
    published     TEXT NOT NULL,       -- the record
    client        TEXT NOT NULL,
    disposition   TEXT NOT NULL,
    dkim_aligned  BIGINT NOT NULL,
    spf_aligned   BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    header_from   TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    dkim          TEXT NOT NULL,       -- "domain selector result", parted by commas
    spf           TEXT NOT NULL,       -- "domain result"
    letters       BIGINT NOT NULL,
    PRIMARY KEY (day, domain, hash)
) $compact$;
