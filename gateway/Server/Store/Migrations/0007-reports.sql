-- DMARC aggregate reports that others send us: who sent in our name. The same report of the same organisation is kept once.

CREATE TABLE dmarc_report (
    id           TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,        -- in lower case
    report_id    TEXT NOT NULL,
    email        TEXT NOT NULL,
    domain       TEXT NOT NULL,
    policy       TEXT NOT NULL,
    begin_at     BIGINT NOT NULL,
    end_at       BIGINT NOT NULL,
    read_at      BIGINT NOT NULL,
    source       TEXT NOT NULL,        -- the letter it came in, or the file
    UNIQUE (organisation, report_id)
);

CREATE INDEX dmarc_report_end ON dmarc_report (end_at);

CREATE TABLE dmarc_record (
    report        TEXT NOT NULL,
    position      BIGINT NOT NULL,
    client        TEXT NOT NULL,
    letters       BIGINT NOT NULL,
    disposition   TEXT NOT NULL,
    dkim_aligned  BIGINT NOT NULL,
    spf_aligned   BIGINT NOT NULL,
    reason        TEXT NOT NULL,
    header_from   TEXT NOT NULL,
    envelope_from TEXT NOT NULL,
    dkim          TEXT NOT NULL,
    spf           TEXT NOT NULL,
    PRIMARY KEY (report, position)
);
